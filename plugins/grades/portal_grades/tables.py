"""What is stored about grades. Instants are microseconds UTC, 0 for never; days are ISO texts in the school's time
zone, '' for none. Points are whole thousandths: 12.5 is 12500.

What was imported carries `source` (which import it came by, such as 'oneroster') and `sourced_id` (its identifier
there); what was made by hand has neither. Both together name a thing once.
"""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete, Text

from portal.sdk import Table


class Category(Table, tablename="grades_category"):
    """A kind of work: homework, test, participation."""

    id = BigInt(primary_key=True)
    title = Text()
    source = Text()
    sourced_id = Text()


class Scale(Table, tablename="grades_scale"):
    """Grades that are no points, such as A to F. `steps` is JSON, the best first: [["A", "90-100"], …]; what stands
    second is the source's own remark and may be ''."""

    id = BigInt(primary_key=True)
    title = Text()
    steps = Text()
    group_id = BigInt()  # the class it is for; 0 for the whole school
    source = Text()
    sourced_id = Text()


class Assignment(Table, tablename="grades_assignment"):
    """Work of one class (a line item, as OneRoster says), released for all its results at once.

    Results are released while 0 < release_at <= now. Taking that back sets it to 0, and `shown_until` says until when
    families saw them, so that a change of what they saw can be told from one that they never saw.
    """

    id = BigInt(primary_key=True)
    group_id = BigInt()
    subject = Text()
    title = Text()
    description = Text()
    category = BigInt()  # 0 for none
    period = Text()  # the grading period, as the school calls it
    assigned_on = Text()  # families see the assignment from this day on; '' for at once
    due_on = Text()
    lowest = BigInt(null=True, default=None)  # thousandths
    highest = BigInt(null=True, default=None)
    scale = BigInt()  # 0 for points or words
    release_at = BigInt()
    shown_until = BigInt()
    version = Integer()  # counts every save, so that two windows notice each other
    token = Text()  # made by the page that asked for it: the same token is the same assignment
    source = Text()
    sourced_id = Text()
    created_at = BigInt()
    updated_at = BigInt()
    removed_at = BigInt()  # taken out, and erased some time later; 0 while it is there


class Result(Table, tablename="grades_result"):
    """What one child has in an assignment."""

    id = BigInt(primary_key=True)
    assignment = ForeignKey(Assignment, null=False, on_delete=OnDelete.cascade)
    child = BigInt()
    status = Text()  # see `rules.STATUSES`
    score = BigInt(null=True, default=None)  # thousandths
    grade = Text()  # a step of a scale, or words; '' for none
    comment = Text()
    language = Text()  # in which somebody wrote the comment; '' where that is not known, as of imports
    missing = Boolean(default=False)
    late = Boolean(default=False)
    incomplete = Boolean(default=False)
    scored_on = Text()
    valued_at = BigInt()  # since when it stands as it does; two windows notice each other by it
    told = Boolean(default=False)  # whoever wants word of each result has it
    quiet = Boolean(default=False)  # nobody gets word of it
    source = Text()
    sourced_id = Text()


class Change(Table, tablename="grades_change"):
    """What a result said before, where families had seen that. `at` is when it was changed."""

    id = BigInt(primary_key=True)
    result = ForeignKey(Result, null=False, on_delete=OnDelete.cascade)
    at = BigInt()
    status = Text()
    score = BigInt(null=True, default=None)
    grade = Text()
    comment = Text()
    missing = Boolean(default=False)
    late = Boolean(default=False)
    incomplete = Boolean(default=False)


class Lesson(Table, tablename="grades_lesson"):
    """Whether a child was in a lesson, where an import delivers that."""

    id = BigInt(primary_key=True)
    group_id = BigInt()
    child = BigInt()
    day = Text()
    lesson = Text()  # which lesson of the day, as the source says; '' for the day as a whole
    status = Text()  # 'present', 'absent', 'excused' or 'late'
    source = Text()
    sourced_id = Text()
    at = BigInt()


class Wish(Table, tablename="grades_wish"):
    """How often somebody wants word of new results."""

    id = BigInt(primary_key=True)
    person = BigInt()
    every = Text()  # 'each', 'weekly' or 'none'; '' as long as they have not said
    told_until = BigInt()  # up to where the weekly word has gone


class Upload(Table, tablename="grades_upload"):
    """A gradebook or a sheet on its way in. Its parts are sealed, and gone when it is done."""

    id = BigInt(primary_key=True)
    person = BigInt()  # who sent or fetched it; 0 for a schedule
    group_id = BigInt()  # the class of a sheet; 0 for the whole school
    kind = Text()  # 'oneroster', 'service' or 'sheet'
    name = Text()
    key = BigInt()  # the secret that the parts are sealed with; 0 once it was destroyed
    state = Text()  # see `importing.STATES`
    mapping = Text()  # JSON: what the columns of a sheet mean
    wanted = Text()  # JSON: what was chosen with the yes
    summary = Text()  # JSON: counts and problems, without names and results
    done = Integer()  # how far the work is, of `total`
    total = Integer()
    made_at = BigInt()
    changed_at = BigInt()


class UploadPart(Table, tablename="grades_upload_part"):
    """A piece of a file: base64 of what `seal` gave."""

    id = BigInt(primary_key=True)
    upload = ForeignKey(Upload, null=False, on_delete=OnDelete.cascade)
    file = Text()  # its name
    position = Integer()
    body = Text()


class UploadLine(Table, tablename="grades_upload_line"):
    """Which child a line of a sheet is about, where its name did not say."""

    id = BigInt(primary_key=True)
    upload = ForeignKey(Upload, null=False, on_delete=OnDelete.cascade)
    line = Integer()
    child = BigInt()  # 0 for nobody: it is left out


class Mapping(Table, tablename="grades_mapping"):
    """What the columns of somebody's sheets mean, for the next time: found by the sheet's header."""

    id = BigInt(primary_key=True)
    person = BigInt()
    header = Text()  # a hash of its words
    columns = Text()  # JSON
    used_at = BigInt()


class Fetched(Table, tablename="grades_fetched"):
    """How far the grades of a service were fetched."""

    id = BigInt(primary_key=True)
    source = Text()
    since = BigInt()  # what changed later is not here yet; 0 before the first time
    at = BigInt()
    failure = Text()  # JSON: a msgid and its values; '' where the last time went well
