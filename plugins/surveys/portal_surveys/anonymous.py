"""Anonymous answers: taken in so that nobody can tell whose they are, not even with the database in hand.

What the database holds, and why it joins no answer to a person:

- A *ticket* says that some unit has answered. Its id is a keyed hash of the unit; the key lies outside the database.
- The answer waits *sealed* under another such key, padded so that its length says little, with a random id. Neither
  holds a time. Ticket and answer come in one transaction, so whoever watches the file may pair them, and then holds
  two things that say nothing.
- When ten answers wait, five of them, drawn by lot, are *mixed in*: added to counts for each question, and texts to
  one sorted list for each question. The five that stay are sealed anew under a new key, and the old key is destroyed,
  so that no older copy of the file opens any more. Results therefore never change by fewer than five answers at once.
- When the survey closes, all that wait are mixed in, if there are five; else they are thrown away. Tickets and keys
  are destroyed.

Whoever holds the database and the keys while answers wait can open those that wait: up to nine, and more in the half
minute before a mixing. As much as the server itself must be able to. Of what was mixed in, nobody can.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from portal.sdk import PortalError, Refused, _, atomic, db, destroy_secret, marks, new_secret, seal, secret, unseal
from portal_surveys import loading
from portal_surveys.rules import FEWEST, Question, Survey, Unit

BLOCK = 4096  # bytes: a sealed answer is a multiple of this long
_chance = secrets.SystemRandom()
T = TypeVar("T")


class KeysAway(Refused):
    """A key of the survey, as the transaction saw it, cannot be read."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(
            _(
                "The keys of this survey cannot be read, so its answers cannot be counted now. Whoever looks after the"
                " portal can bring them back."
            )
        )
        self.batch = survey.batch


async def with_keys(survey: int, work: Callable[[], Awaitable[T]]) -> T:
    """Runs a transaction, and again if it met a key that a mixing had just replaced or the closing destroyed.

    Raises KeysAway, a Refused, where they are really away.
    """
    while True:
        try:
            return await work()
        except KeysAway as failure:
            found = await loading.load(survey)
            if found is None or (found.state == "open" and found.batch == failure.batch):
                raise


def _random_id() -> int:
    """An id that tells no time and no order."""
    return secrets.randbelow(2**63 - 1) + 1


# ---- Taking in ----


def ticket(key: bytes, unit: str) -> int:
    """The id that says, to whoever has the key, that this unit has answered."""
    return (int.from_bytes(hmac.digest(key, unit.encode(), hashlib.sha256)[:8]) >> 1) or 1


async def answered(asked: Iterable[tuple[Survey, str]]) -> set[tuple[int, str]]:
    """Those of the units (survey and key) that have answered, as survey id and key. One query for any number."""
    tickets = {
        ticket(key, unit): (survey.id, unit)
        for survey, unit in asked
        if survey.secret and (key := secret(survey.secret)) is not None
    }
    if not tickets:
        return set()
    rows = await db.rows(f"SELECT id FROM surveys_ticket WHERE id IN ({marks(len(tickets))})", *tickets)
    return {tickets[number] for (number,) in rows}


async def take_in(survey: Survey, unit: Unit, values: Mapping[int, Any]) -> bool:
    """Keeps an answer, in the transaction that read `survey`. False if the unit has answered already.

    Raises KeysAway.
    """
    key, batch = secret(survey.secret), secret(survey.batch)
    if key is None or batch is None:
        raise KeysAway(survey)
    new = await db.rows(
        "INSERT INTO surveys_ticket (id, survey) VALUES (?, ?) ON CONFLICT (id) DO NOTHING RETURNING id",
        *(ticket(key, unit.key), survey.id),
    )
    if new:
        await _wait(survey.id, batch, [values])
    return bool(new)


async def _wait(survey: int, batch: bytes, answers: Iterable[Mapping[int, Any]]) -> None:
    rows = [(_random_id(), survey, _sealed(batch, values)) for values in answers]
    await db.run_many("INSERT INTO surveys_pending (id, survey, sealed) VALUES (?, ?, ?)", sorted(rows))


def _sealed(key: bytes, values: Mapping[int, Any]) -> str:
    text = json.dumps({str(question): value for question, value in values.items()}, ensure_ascii=False).encode()
    return base64.b64encode(seal(key, text.ljust(-(-len(text) // BLOCK) * BLOCK))).decode()


def _opened(key: bytes, rows: Iterable[Sequence[Any]]) -> list[dict[int, Any]]:
    """The answers in no order; without what this key does not open, which nothing opens any more."""
    found = []
    for (sealed,) in rows:
        try:
            text = unseal(key, base64.b64decode(sealed))
        except ValueError:
            continue
        found.append({int(question): value for question, value in json.loads(text).items()})
    _chance.shuffle(found)
    return found


# ---- Mixing in ----


async def mix(survey: int) -> None:
    """Mixes in what may be, and destroys the key that it waited under. Any number of workers may do so at once."""
    await forget_keys(survey)
    if not await _enough(survey):
        return
    fresh = new_secret()
    used = False
    try:
        used = await _mix(survey, fresh)
    except PortalError:
        pass  # too many answers are coming in at this moment: the next time will do
    finally:
        if not used:
            await destroy_unused(survey, (fresh,))
    await forget_keys(survey)


async def destroy_unused(survey: int, keys: Iterable[int]) -> None:
    """Destroys new keys that did not come into use: whoever was cut off does not know whether it was committed."""
    found = await loading.load(survey)
    used = (found.secret, found.batch, found.old_batch) if found is not None else ()
    for key in keys:
        if key not in used:
            destroy_secret(key)


async def _enough(survey: int) -> bool:
    return bool(await db.value("SELECT count(*) >= ? FROM surveys_pending WHERE survey = ?", 2 * FEWEST, survey))


@atomic
async def _mix(survey: int, fresh: int) -> bool:
    found, key = await loading.load(survey), secret(fresh)
    if found is None or found.state != "open" or found.old_batch or key is None:
        return False
    batch = secret(found.batch)
    rows = await db.rows("SELECT sealed FROM surveys_pending WHERE survey = ?", survey)
    answers = _opened(batch, rows) if batch is not None else []
    if len(answers) < 2 * FEWEST:
        return False  # another worker was faster, or the keys are away
    await _count(found, answers[FEWEST:])
    await db.run("DELETE FROM surveys_pending WHERE survey = ?", survey)
    await _wait(survey, key, answers[:FEWEST])
    await db.run("UPDATE surveys_survey SET batch = ?, old_batch = ? WHERE id = ?", fresh, found.batch, survey)
    return True


async def settle(survey: Survey) -> None:
    """The end of a survey, in the transaction that closes it: what waits is mixed in, or thrown away if there are
    fewer than five; tickets go. Raises KeysAway."""
    rows = await db.rows("SELECT sealed FROM surveys_pending WHERE survey = ?", survey.id)
    batch = secret(survey.batch)
    if rows and batch is None:
        raise KeysAway(survey)
    answers = _opened(batch, rows) if batch is not None else []
    if len(answers) >= FEWEST:  # after an earlier mixing there always are
        await _count(survey, answers)
    await _forget_few(survey.id)
    await db.run("DELETE FROM surveys_pending WHERE survey = ?", survey.id)
    await db.run("DELETE FROM surveys_ticket WHERE survey = ?", survey.id)


async def _forget_few(survey: int) -> None:
    """Lets go of what is never shown: the answers to questions that fewer than five have answered."""
    few = [q for (q,) in await db.rows(
        "SELECT question FROM surveys_tally WHERE survey = ? AND code = '' AND question <> 0 AND n < ?", survey, FEWEST
    )]  # fmt: skip
    for table in ("surveys_tally", "surveys_words"):
        if few:
            await db.run(f"DELETE FROM {table} WHERE survey = ? AND question IN ({marks(len(few))})", survey, *few)


async def forget_keys(survey: int) -> None:
    """Destroys the keys that are not needed any more: also those that a breakdown left."""
    found = await loading.load(survey)
    if found is None:
        return
    keys = (found.secret, found.batch, found.old_batch) if found.state == "closed" else (found.old_batch,)
    if any(keys):
        for key in filter(None, keys):
            destroy_secret(key)
        await _forgotten(survey, keys)


@atomic
async def _forgotten(survey: int, keys: tuple[int, ...]) -> None:
    gone = f"CASE WHEN {{0}} IN ({marks(len(keys))}) THEN 0 ELSE {{0}} END"
    columns = ("secret", "batch", "old_batch")
    sets = ", ".join(f"{column} = {gone.format(column)}" for column in columns)
    await db.run(f"UPDATE surveys_survey SET {sets} WHERE id = ?", *(keys * len(columns)), survey)


# ---- Counting ----


def codes(question: Question, value: Any) -> list[str]:
    """Under what an answer is counted: '' for the answer as such, then what was chosen; of a ranking 'OPTION@PLACE',
    places from 1. A text counts as such; what it says is not counted."""
    match question.kind:
        case "choice" | "scale" | "date":
            return ["", str(value)]
        case "many":
            return ["", *map(str, value)]
        case "ranking":
            return ["", *(f"{option}@{place}" for place, option in enumerate(value, 1))]
    return [""]


async def _count(survey: Survey, answers: Sequence[Mapping[int, Any]]) -> None:
    """Adds answers to the counts, question by question. The order of the rows says nothing about who said what."""
    asked = [*await loading.questions(survey), *await loading.questions(survey, removed=True)]
    counted: Counter[tuple[int, str]] = Counter({(0, ""): len(answers)})
    words: dict[int, list[str]] = {}
    for question in asked:
        values = [answer[question.id] for answer in answers if question.id in answer]
        counted.update((question.id, code) for value in values for code in codes(question, value))
        if question.kind == "text" and values:
            words[question.id] = values
    await db.run_many(
        "INSERT INTO surveys_tally (id, survey, question, code, n) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (survey, question, code) DO UPDATE SET n = surveys_tally.n + excluded.n",
        [(_random_id(), survey.id, question, code, n) for (question, code), n in sorted(counted.items())],
    )
    for question_id, texts in sorted(words.items()):
        known = await db.value(
            "SELECT body FROM surveys_words WHERE survey = ? AND question = ?", survey.id, question_id
        )
        body = sorted([*json.loads(known or "[]"), *texts], key=lambda text: (text.casefold(), text))
        await db.run(
            "INSERT INTO surveys_words (id, survey, question, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (survey, question) DO UPDATE SET body = excluded.body",
            *(_random_id(), survey.id, question_id, json.dumps(body, ensure_ascii=False)),
        )
