"""What is stored about stories. Instants are microseconds UTC; lists of ids are comma-separated."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete, Text

from portal.sdk import Table


class Story(Table, tablename="stories_story"):
    """A story as its readers get it; what is being written stands in `Draft` until it is posted.

    `version` counts every save and `writer` is the page that made the last one, so that two windows in which the same
    story is written notice each other.
    """

    id = BigInt(primary_key=True)
    author = BigInt()
    title = Text()
    body = Text()
    audience = Text()  # 'groups', 'school' or 'public'
    groups = Text()
    state = Text()  # 'draft', 'scheduled', 'published', 'hidden' or 'erased'
    publish_at = BigInt(null=True, default=None)
    published_at = BigInt(null=True, default=None)
    edited_at = BigInt(null=True, default=None)
    created_at = BigInt()
    token = Text()  # made by the page that asked for the draft: the same token is the same draft
    version = Integer()
    writer = BigInt()
    scheduler = BigInt(null=True, default=None)  # who chose the audience of what is scheduled
    language = Text(default="")  # in which it is written; '' where nobody said


class Draft(Table, tablename="stories_draft"):
    """Text that is not posted yet: of a new story, or of changes to one that families already see."""

    story = ForeignKey(Story, primary_key=True, null=False, on_delete=OnDelete.cascade)
    title = Text()
    body = Text()
    audience = Text()
    groups = Text()
    classes = Text()  # whose children are offered for tagging, beside those of `groups`
    saved_at = BigInt()


class StoryPhoto(Table, tablename="stories_photo"):
    """A photo of a story. `tab` is the page that listed it last; what is `removed` shows until the change is posted."""

    id = BigInt(primary_key=True)
    story = ForeignKey(Story, null=False, on_delete=OnDelete.cascade)
    photo = BigInt()
    position = Integer()
    once = Text()  # made by the page that sent the file: the same text is the same photo
    tab = BigInt()
    removed = Boolean(default=False)


class Stream(Table, tablename="stories_stream"):
    """The index behind the feed: a published story stands in the stream of each group, or of school or public."""

    id = BigInt(primary_key=True)
    stream = BigInt()
    at = BigInt()
    story = ForeignKey(Story, null=False, on_delete=OnDelete.cascade)
