"""What is stored about surveys. Instants are microseconds UTC; days are ISO texts in the school's time zone.

Texts that a survey asks with are JSON objects from language code to text. Of an anonymous survey there are tickets,
sealed answers that wait, and counts; `anonymous` says why nothing joins them.
"""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete, Text

from portal.sdk import Table


class Survey(Table, tablename="surveys_survey"):
    """A survey. `version` counts every save, so that two windows notice each other."""

    id = BigInt(primary_key=True)
    author = BigInt()  # 0 once that person was erased
    title = Text()
    intro = Text()
    languages = Text()  # codes separated by commas, the main one first
    audience = Text()  # 'groups' or 'school'
    groups = Text()  # ids separated by commas
    per = Text()  # 'guardian', 'family' or 'child'
    anonymous = Boolean(default=False)
    state = Text()  # 'draft', 'open' or 'closed'
    deadline = Text(null=True, default=None)  # the last day, included
    remind_days = Integer()  # how many days before the deadline a reminder goes out; 0 for none
    secret = BigInt()  # the key that tickets are made with, kept outside the database; 0 for none
    batch = BigInt()  # the key that sealed answers wait under, kept outside the database; 0 for none
    old_batch = BigInt()  # a key that is no longer used and has yet to be destroyed; 0 for none
    token = Text()  # made by the page that asked for the survey: the same token is the same survey
    version = Integer()
    asked = Integer()  # how many units were asked when it was opened, and when it was closed
    created_at = BigInt()
    opened_at = BigInt(null=True, default=None)
    closed_at = BigInt(null=True, default=None)
    reminded_at = BigInt(null=True, default=None)


class Question(Table, tablename="surveys_question"):
    """A question. Its options are JSON: [{"id": 1, "label": {"en": "…"}, "value": ""}]."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)
    position = Integer()
    kind = Text()
    label = Text()
    help = Text()
    options = Text()
    required = Boolean(default=False)
    sensitive = Text()  # the protected area that it was marked with; '' for none
    low = Integer()  # the ends of a scale
    high = Integer()
    low_label = Text()
    high_label = Text()
    only_question = BigInt()  # asked only of those who gave this earlier question …
    only_option = Integer()  # … this answer; 0 for everybody
    feeds = Text()  # 'channel' or 'language', if the answer may become a delivery setting
    removed_at = BigInt(null=True, default=None)


class Response(Table, tablename="surveys_response"):
    """What a unit answered in a survey by name. There is one for each unit."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)
    unit = Text()  # see `rules.Unit`
    person = BigInt()
    child = BigInt()  # 0 where it is not about one
    at = BigInt()
    updated_at = BigInt()
    agreed = Boolean(default=False)  # whether the school may use answers for how it reaches them


class Answer(Table, tablename="surveys_answer"):
    """The answer to one question, as JSON."""

    id = BigInt(primary_key=True)
    response = ForeignKey(Response, null=False, on_delete=OnDelete.cascade)
    question = ForeignKey(Question, null=False, on_delete=OnDelete.cascade)
    value = Text()
    file = BigInt()  # a sealed file; 0 for none


class Draft(Table, tablename="surveys_draft"):
    """A half-filled form of somebody, of a survey by name."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)
    person = BigInt()
    child = BigInt()
    given = Text()  # JSON: question id to value
    saved_at = BigInt()


class Upload(Table, tablename="surveys_upload"):
    """A sealed file that waits with a half-filled form."""

    id = BigInt(primary_key=True)
    draft = ForeignKey(Draft, null=False, on_delete=OnDelete.cascade)
    question = ForeignKey(Question, null=False, on_delete=OnDelete.cascade)
    file = BigInt()


class Ticket(Table, tablename="surveys_ticket"):
    """Some unit has answered an anonymous survey. The id is made from the unit with a key that is not in here."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)


class Pending(Table, tablename="surveys_pending"):
    """A sealed anonymous answer that waits for others. The id is random."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)
    sealed = Text()  # base64


class Tally(Table, tablename="surveys_tally"):
    """How often an answer was given in an anonymous survey. Question 0 counts the answered forms."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)
    question = BigInt()
    code = Text()  # see `anonymous.codes`
    n = Integer()


class Words(Table, tablename="surveys_words"):
    """All texts that answered a question of an anonymous survey: a JSON list, sorted by what they say."""

    id = BigInt(primary_key=True)
    survey = ForeignKey(Survey, null=False, on_delete=OnDelete.cascade)
    question = BigInt()
    body = Text()
