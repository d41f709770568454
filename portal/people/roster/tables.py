"""What the roster import remembers. Days are ISO texts; instants are microseconds UTC."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Bytea, ForeignKey, OnDelete, Text

from portal.db.piccolo import Table
from portal.people.tables import Person


class RosterRecord(Table, tablename="roster_record"):
    """One thing as the last import saw it. What the file has not changed since is left as the school has made it.

    `kind` is 'person', 'group', 'enrolment', 'link' or 'term'; `local` the id of the stored row (0: none); `seen` is
    JSON without names, addresses or birthdays (of those it holds short hashes). Goes when the person is erased.
    """

    key = Text(primary_key=True)
    source = Text()
    kind = Text()
    external_id = Text()
    person = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.cascade)
    local = BigInt()
    seen = Text()
    gone = Boolean(default=False)


class RosterUpload(Table, tablename="roster_upload"):
    """An uploaded roster between its preview and its import; emptied when it is imported, deleted after an hour."""

    id = BigInt(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    created_at = BigInt()
    state = Text()  # 'waiting', 'running', 'done', 'failed'
    data = Bytea()
    result = Text()  # JSON: the counts, once done
