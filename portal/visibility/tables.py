"""What the rule reads about photos."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete, Text

from portal.db.piccolo import Table
from portal.people.tables import Person


class Photo(Table, tablename="photo"):
    """A photo (or video). `groups` and `children` are comma-separated ids, kept in the row so that one look is enough.

    `stream` rows below are their index; `visibility.index.place` writes both.
    """

    id = BigInt(primary_key=True)
    uploader = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    purpose = Text()  # 'photo' or 'video'
    audience = Text()  # 'groups', 'school' or 'public'
    groups = Text()
    children = Text()
    state = Text()  # 'draft', 'published', 'hidden' or 'erased'
    reviewed = Boolean(default=False)
    redacted = Boolean(default=False)  # whether any redaction exists, so that most looks need not ask
    withheld = Boolean(default=False)  # a WithheldChild appears in it; worked out by `visibility.index` alone
    owner = Text()  # the plugin that brought it, e.g. 'stories'
    alt = Text()
    width = Integer()
    height = Integer()
    created_at = BigInt()


class WithheldChild(Table, tablename="withheld_child"):
    """A child whose photos are all taken down: nobody publishes one until an administrator allows it again."""

    child = ForeignKey(Person, primary_key=True, null=False, on_delete=OnDelete.cascade)


class Stream(Table, tablename="photo_stream"):
    """The index behind every list: a photo stands in the stream of each group, child, or school or public."""

    id = BigInt(primary_key=True)
    stream = BigInt()
    photo = ForeignKey(Photo, null=False, on_delete=OnDelete.cascade)


class Redaction(Table, tablename="redaction"):
    """A rendition in which the named children can no longer be recognised. `position` gives the order."""

    id = BigInt(primary_key=True)
    photo = ForeignKey(Photo, null=False, on_delete=OnDelete.cascade)
    position = Integer()
    approved = Boolean(default=False)
    covers = Text()  # comma-separated ids of children


class AccessLog(Table, tablename="access_log"):
    """Each look at an original in the review desk."""

    id = BigInt(primary_key=True)
    at = BigInt()
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    photo = BigInt()
    what = Text()
