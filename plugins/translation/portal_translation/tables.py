"""What is stored about translations. Instants are microseconds UTC."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete
from piccolo.columns import Text as Words

from portal.sdk import Table


class Translated(Table, tablename="translation_text"):
    """A text that somebody wanted to read in another language. See `keys` for what the three keys are made of."""

    id = BigInt(primary_key=True)
    key = Words()
    origin = Words()
    same = Words()
    source = Words()  # codes of languages
    target = Words()
    original = Words()
    body = Words()  # as the engine said it; '' while there is none
    engine = Words()  # which engine that was
    sent = Boolean(default=False)  # it was outside of the school
    corrected = Words()  # as a person said it; '' for nobody
    corrector = BigInt()  # 0 for nobody, or once that person was erased
    corrected_at = BigInt()
    children = Integer()  # how many it is about: if one of them is erased, it goes
    agreed = Boolean(default=False)  # about nobody: somebody asked whose family lets texts leave the school
    state = Words()  # 'waiting', 'done', 'refused' (no answer could be shown) or 'held' (families do not allow it)
    reason = Words()  # why an answer was refused
    tries = Integer()
    due_at = BigInt()
    asked_at = BigInt()
    shown_at = BigInt()  # to a few days


class About(Table, tablename="translation_about"):
    """A child whom a text is about."""

    id = BigInt(primary_key=True)
    text = ForeignKey(Translated, null=False, on_delete=OnDelete.cascade)
    child = BigInt()


class Report(Table, tablename="translation_report"):
    """Somebody says that a translation is wrong."""

    id = BigInt(primary_key=True)
    text = ForeignKey(Translated, null=False, on_delete=OnDelete.cascade)
    person = BigInt()
    note = Words()
    at = BigInt()


class Offer(Table, tablename="translation_offer"):
    """A reported translation of a text that this member of staff has read, so that they may correct it."""

    id = BigInt(primary_key=True)
    text = ForeignKey(Translated, null=False, on_delete=OnDelete.cascade)
    person = BigInt()
    standing = Words()  # how the person stood then: see `signing`
    at = BigInt()


class Reader(Table, tablename="translation_reader"):
    """What a person chose for themself."""

    id = BigInt(primary_key=True)
    person = BigInt()
    off = Boolean(default=False)  # shows originals
    reads = Words()  # of staff: codes of languages that they read and write well, with commas around each


class Term(Table, tablename="translation_term"):
    """A word of the school's own."""

    id = BigInt(primary_key=True)
    term = Words()
    language = Words()  # '' for any
    fixed = Words()  # JSON: code of a language to how it is said there


class State(Table, tablename="translation_state"):
    """How an engine is doing. The row without a name holds the key that links are signed with."""

    id = BigInt(primary_key=True)
    name = Words()
    pairs = Words()  # `en-es` with spaces between
    pairs_at = BigInt()
    ok_at = BigInt()
    problem = Words()  # the last one; '' for none yet
    problem_at = BigInt()
    tries = Integer()  # that failed, one after the other
    wait_until = BigInt()
    secret = BigInt()  # a key outside the database; 0 for none
