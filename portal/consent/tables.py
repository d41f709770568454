"""The ledger and the notices. The ledger is only ever appended to; a trigger refuses anything else."""

from __future__ import annotations

from piccolo.columns import BigInt, ForeignKey, Integer, OnDelete, Text

from portal.db.piccolo import Table
from portal.people.tables import Person


class Notice(Table, tablename="notice"):
    """A text that people read: `kind` is 'privacy' or 'photo'; one row for each version and language."""

    id = BigInt(primary_key=True)
    kind = Text()
    version = Integer()
    language = Text()
    body = Text()  # plain text: paragraphs divided by empty lines, `# ` begins a heading, `- ` a line of a list
    changes = Text()  # what is new in this version, in a sentence or two
    sha256 = Text()  # of the body in UTF-8, hexadecimal
    published_at = BigInt()


class NoticeSeen(Table, tablename="notice_seen"):
    """A person has read and acknowledged a version of a notice."""

    id = BigInt(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    kind = Text()
    version = Integer()
    language = Text()
    at = BigInt()


class LedgerLine(Table, tablename="decision"):
    """One decision: someone chose one rung for one child and one purpose. `id` gives the order of the ledger."""

    id = BigInt(primary_key=True)
    child = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    made_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    purpose = Text()
    rung = Integer()
    at = BigInt()
    until = Text(null=True, default=None)
    notice_version = Integer()
    notice_sha256 = Text()
    language = Text()
    way = Text()  # 'account', 'paper', 'import'
    entered_by = BigInt(null=True, default=None)  # the member of staff who typed a paper form
    recorded_at = BigInt()


class Scan(Table, tablename="scan"):
    """The scanned paper form behind a decision. It lies sealed among the photos' files, under the id `file`, where the
    keys are rotated too; decisions of one form share it."""

    decision = ForeignKey(LedgerLine, primary_key=True, null=False, on_delete=OnDelete.restrict)
    file = BigInt()
    media_type = Text()
