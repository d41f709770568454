"""Anonymous means it: an attack with the database file in hand, then with the keys, then through the pages."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections.abc import Iterator
from typing import Any

import filling
import pytest
from asking import BRING, COMING, DAY, MARK, ORDER, WHY, answer, asked, by_place, crowd, load, opened, written
from loot import Loot
from portal_surveys import actions, anonymous, answering, results, running
from portal_surveys.rules import FEWEST, Unit

from portal.photos import connected
from portal.plugins import keeping
from portal.sdk import NotVisible, Viewer, atomic, clock, db, language, secret, unseal
from portal.testing import TestSchool

TABLES = ("surveys_ticket", "surveys_pending", "surveys_tally", "surveys_words")


def loot(school: TestSchool) -> Loot:
    return Loot(school.settings.data / "portal.sqlite")


def keys_on_disk() -> dict[int, bytes]:
    """Every key there is, as the server's administrator would find them."""
    found = {number: secret(number) for number in connected.vault()._keys.ids()}
    return {number: key for number, key in found.items() if key is not None}


def opened_with(keys: dict[int, bytes], sealed: set[bytes]) -> Iterator[dict[str, Any]]:
    for one in sealed:
        for key in keys.values():
            try:
                yield json.loads(unseal(key, base64.b64decode(one)))
            except (ValueError, TypeError):
                continue


def said(number: int) -> str:
    """A text that nobody else writes."""
    return f"marker-{number:02}-{hashlib.sha256(str(number).encode()).hexdigest()[:12]}"


async def _opened_after(school: TestSchool, families: int) -> tuple[int, list[Viewer]]:
    people = await crowd(school, families)
    return await opened(school, COMING, WHY, ORDER, anonymous=True), people


async def _all_answer(survey: int, people: list[Viewer], first: int = 0) -> None:
    for number, viewer in enumerate(people, first):
        ranking = random.sample([1, 2, 3], 3)
        assert await answer(viewer, survey, 1 + number % 2, said(number), ranking) == "kept"


async def _count(table: str) -> int:
    return int(await db.value(f"SELECT count(*) FROM surveys_{table}"))


async def _in(survey: int) -> int:
    """How many answered forms were mixed in."""
    n = await db.value("SELECT n FROM surveys_tally WHERE survey = ? AND question = 0", survey)
    return int(n or 0)


# ---- What the file holds ----


async def test_before_mixing_the_file_holds_no_answer_no_person_and_no_time(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    survey, people = await _opened_after(school, 9)
    before = loot(school)
    await _all_answer(survey, people)
    after = loot(school)
    changed = {name for name in after.tables if after.tables[name] != before.tables[name]}
    assert changed == {"surveys_ticket", "surveys_pending"}  # no count, no draft, no log, nothing about a person
    for number in range(9):
        assert not after.holds(said(number))
    assert after.columns["surveys_ticket"] == ["id", "survey"]
    assert after.columns["surveys_pending"] == ["id", "survey", "sealed"]
    assert {row[1] for name in ("surveys_ticket", "surveys_pending") for row in after.tables[name]} == {survey}
    ids = [int(str(row[0])) for name in ("surveys_ticket", "surveys_pending") for row in after.tables[name]]
    assert len(set(ids)) == 18
    persons = {int(str(row[0])) for name in ("person", "household", "link") for row in after.tables[name]}
    assert persons.isdisjoint(ids)
    now = clock.now()
    for number in ids:  # an id of the portal's own would tell the millisecond
        assert not now - clock.DAY < ((number >> 22) + 1_735_689_600_000) * 1000 < now + clock.DAY
        assert not now - clock.DAY < number < now + clock.DAY
    sealed = [base64.b64decode(str(row[2])) for row in after.tables["surveys_pending"]]
    assert len({len(one) for one in sealed}) == 1  # long and short answers look alike
    assert len(after.sealed()) == 9


async def test_a_ticket_is_guessed_by_nothing_that_the_database_holds(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    survey, people = await _opened_after(school, 9)
    await _all_answer(survey, people)
    taken = loot(school)
    tickets = {row[0] for row in taken.tables["surveys_ticket"]}
    units = [f"g{viewer.person}" for viewer in people]
    known: list[bytes] = [b""]
    for rows in taken.tables.values():
        for row in rows:
            for value in row:
                known.append(str(value).encode())
                if isinstance(value, int):
                    known += [value.to_bytes(8), value.to_bytes(8, "little")]
    for unit in units:
        for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            number = int.from_bytes(digest(unit.encode()).digest()[:8])
            assert tickets.isdisjoint({number, number >> 1, number & (2**63 - 1)})
        for key in set(known):
            assert int.from_bytes(hmac.digest(key, unit.encode(), hashlib.sha256)[:8]) >> 1 not in tickets
    key = secret((await load(survey)).secret)
    assert key is not None
    assert {anonymous.ticket(key, unit) for unit in units} == tickets  # so the guess itself was the right one


async def test_no_key_is_in_the_database(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    survey, people = await _opened_after(school, 12)
    await _all_answer(survey, people)
    await anonymous.mix(survey)
    taken = loot(school)
    keys = keys_on_disk()
    assert keys
    for key in keys.values():
        assert not taken.holds(key)


async def test_nothing_joins_an_answer_to_a_ticket(sqlite_school: TestSchool) -> None:
    """By column, by equal numbers, by the same distance between numbers."""
    school = sqlite_school
    survey, people = await _opened_after(school, 14)
    await _all_answer(survey, people)
    await anonymous.mix(survey)
    taken = loot(school)
    for name in TABLES:
        assert not {"person", "child", "unit", "at", "response", "ticket"} & set(taken.columns[name])
    ids = {name: {int(str(row[0])) for row in taken.tables[name]} for name in TABLES}
    seen: set[int] = set()
    for numbers in ids.values():
        assert seen.isdisjoint(numbers)
        seen |= numbers
    distances = [ticket - wait for ticket in ids["surveys_ticket"] for wait in ids["surveys_pending"]]
    assert len(set(distances)) == len(distances)
    everywhere = [
        name
        for name, rows in taken.tables.items()
        for row in rows
        for value in row
        if isinstance(value, int) and value in ids["surveys_ticket"] | ids["surveys_pending"]
    ]
    assert len(everywhere) == len(ids["surveys_ticket"]) + len(ids["surveys_pending"])


async def test_nor_does_answering_in_the_browser_leave_a_trace(sqlite_school: TestSchool) -> None:
    """All that a request writes down, beside the ticket and the sealed answer, is that somebody was here."""
    school = sqlite_school
    await crowd(school, 5)
    survey = await opened(school, COMING, WHY, anonymous=True)
    coming, why = (question.id for question in await asked(survey))
    parent = await school.browser("parent")
    form = filling.changed(await filling.form_of(parent, survey), **{f"q{coming}": "1", f"q{why}": said(1)})
    before = loot(school)
    assert (await parent.post(f"/surveys/{survey}/answer", form)).status_code == 303
    await parent.get("/surveys")
    after = loot(school)
    changed = {name for name in after.tables if after.tables[name] != before.tables[name]}
    assert {"surveys_ticket", "surveys_pending"} <= changed <= {"surveys_ticket", "surveys_pending", "session"}
    assert not after.holds(said(1))


# ---- With the log, and with the keys ----


async def test_whoever_pairs_tickets_and_answers_by_transaction_holds_nothing(sqlite_school: TestSchool) -> None:
    """The strongest attacker: every state of the file since the first answer, and all keys that are left."""
    school = sqlite_school
    survey, people = await _opened_after(school, 16)
    pairs: dict[int, bytes] = {}  # ticket: sealed answer
    for number, viewer in enumerate(people):
        before = loot(school)
        assert await answer(viewer, survey, 1, said(number), [1, 2, 3]) == "kept"
        if number < 10:
            after = loot(school)
            (ticket,) = {row[0] for row in after.tables["surveys_ticket"]} - {
                row[0] for row in before.tables["surveys_ticket"]
            }
            (wait,) = set(after.tables["surveys_pending"]) - set(before.tables["surveys_pending"])
            pairs[int(str(ticket))] = str(wait[2]).encode()
        if number == 9:
            logged = loot(school).together("surveys_ticket", "surveys_pending")
            paired = {(*tickets, *waits) for tickets, waits in logged if len(tickets) == len(waits) == 1}
            assert {pair[0] for pair in paired} == set(pairs)  # the log alone gives as much
            key = secret((await load(survey)).batch)
            assert key is not None
            assert len(list(opened_with({0: key}, set(pairs.values())))) == 10  # these are the answers, sealed
            await anonymous.mix(survey)
    key = secret((await load(survey)).secret)
    assert key is not None
    units = {anonymous.ticket(key, f"g{viewer.person}"): at for at, viewer in enumerate(people)}
    assert pairs.keys() <= units.keys()  # with the keys, each ticket has a name …
    assert list(opened_with(keys_on_disk(), set(pairs.values()))) == []  # … and its answer opens with none of them
    taken = loot(school)
    waiting = [str(row[2]).encode() for row in taken.tables["surveys_pending"]]
    assert len(waiting) == 11
    assert set(waiting).isdisjoint(pairs.values())
    everything = taken.sealed() | set(pairs.values())
    assert len(everything) == 10 + 5 + 6  # all that ever were: the five that stayed were sealed anew
    texts = {value for values in opened_with(keys_on_disk(), everything) for value in values.values()
             if isinstance(value, str)}  # fmt: skip
    assert len(texts) == 11  # five that stayed, and the six that came since


@atomic
async def _take_in(survey: int, number: int) -> None:
    (question,) = [q.id for q in await asked(survey) if q.kind == "text"]
    assert await anonymous.take_in(await load(survey), Unit(f"g{number}"), {question: said(number)})


async def _as_they_lie(school: TestSchool) -> list[int]:
    """The ids of what waits in the order in which the rows were written, as the database's files tell."""
    if db.dialect == "postgres":
        return [row for (row,) in await db.rows("SELECT id FROM surveys_pending ORDER BY ctid")]
    return [cell.rowid for cell in loot(school).cells("surveys_pending")]


async def test_what_stays_is_drawn_by_lot_and_lies_in_no_order(school: TestSchool) -> None:
    """By place in the page, by number, by transaction: guessing is no better than chance."""
    await crowd(school, 5)
    rounds, right_by_page, right_by_number, stayed = 40, 0, 0, [0] * 10
    for _ in range(rounds):
        survey = await opened(school, WHY, anonymous=True)
        for number in range(10):
            await _take_in(survey, number)
        await anonymous.mix(survey)
        key = secret((await load(survey)).batch)
        assert key is not None
        texts = {
            row: next(opened_with({0: key}, {sealed.encode()})).popitem()[1]
            for row, sealed in await db.rows("SELECT id, sealed FROM surveys_pending WHERE survey = ?", survey)
        }
        place = {said(number): number for number in range(10)}
        order = [row for row in await _as_they_lie(school) if row in texts]
        assert len(order) == 5
        # The attacker takes the five for the last five, or the first, in the order in which they lie.
        by_page, by_number = [place[texts[row]] for row in order], [place[texts[row]] for row in sorted(order)]
        right_by_page += max(sum(by_page[i] == i + first for i in range(5)) for first in (0, 5))
        right_by_number += sum(by_number[i] == i + 5 for i in range(5))
        for number in by_page:
            stayed[number] += 1
        await actions.erase(school.viewer("teacher"), survey)
    # 200 guesses. By chance a tenth is right, or with the better of two guesses about a sixth.
    assert right_by_page < 75
    assert right_by_number < 45
    assert all(6 <= count <= 34 for count in stayed)  # of 40, half by chance (4.4 standard deviations)


async def test_the_mixed_lie_in_the_order_of_what_they_say(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    survey, people = await _opened_after(school, 30)
    order = random.sample(range(30), 30)
    for at, viewer in zip(order, people, strict=True):
        assert await answer(viewer, survey, 1 + at % 2, said(at), [1, 2, 3]) == "kept"
        await anonymous.mix(survey)
    await running.close(school.viewer("teacher"), survey)
    taken = loot(school)
    ((_id, _survey_id, _question, body),) = taken.tables["surveys_words"]
    assert json.loads(str(body)) == sorted(said(number) for number in range(30))
    (known,) = {table for table, rows in taken.tables.items() if said(7) in str(rows)}
    assert known == "surveys_words"


async def test_mixed_rows_do_not_show_one_form_after_the_other(sqlite_school: TestSchool) -> None:
    """Answers to different questions that are new in one mixing must not lie beside each other form by form."""
    school = sqlite_school
    people = await crowd(school, 10)
    survey = await opened(school, DAY, MARK, anonymous=True)
    for at, viewer in enumerate(people):
        assert await answer(viewer, survey, f"2026-12-{30 - at}", 1 + at % 5) == "kept"
    await anonymous.mix(survey)
    taken = loot(school)
    rows = {row[0]: (row[2], row[3]) for row in taken.tables["surveys_tally"]}
    lying = [rows[cell.rowid] for cell in taken.cells("surveys_tally")]
    assert lying == sorted(lying)


# ---- At the end ----


async def test_once_closed_neither_tickets_nor_keys_are_left(sqlite_school: TestSchool) -> None:
    school = sqlite_school
    survey, people = await _opened_after(school, 12)
    ever: set[int] = set()
    sealed: set[bytes] = set()
    for number, viewer in enumerate(people):
        await _all_answer(survey, [viewer], number)
        sealed |= loot(school).sealed()
        found = await load(survey)
        ever |= {found.secret, found.batch, found.old_batch}
        await anonymous.mix(survey)
    sealed |= loot(school).sealed()
    found = await load(survey)
    ever |= {found.secret, found.batch} - {0}
    assert len(sealed) > 12
    await running.close(school.viewer("teacher"), survey)
    found = await load(survey)
    assert (found.secret, found.batch, found.old_batch) == (0, 0, 0)
    assert all(secret(number) is None for number in ever)
    assert await _count("ticket") == await _count("pending") == 0
    assert list(opened_with(keys_on_disk(), sealed | loot(school).sealed())) == []
    whole = await results.results(school.viewer("teacher"), survey)
    assert (whole.counted, whole.answered) == (12, 12)
    assert list(whole.questions[1].texts) == sorted(said(number) for number in range(12))
    assert sum(bar.n for bar in whole.questions[0].bars) == 12


@pytest.mark.parametrize(("answers", "shown"), [(0, False), (4, False), (5, True), (9, True)])
async def test_fewer_than_five_are_thrown_away(school: TestSchool, answers: int, shown: bool) -> None:
    survey, people = await _opened_after(school, 9)
    await _all_answer(survey, people[:answers])
    await running.close(school.viewer("teacher"), survey)
    whole = await results.results(school.viewer("teacher"), survey)
    assert (whole.hidden, whole.too_few, whole.counted) == (not shown, not shown, answers if shown else 0)
    assert bool(await _count("tally")) == bool(await _count("words")) == shown
    _header, lines = await results.rows(school.viewer("teacher"), survey, language("en"))
    assert bool(lines) == shown
    assert await _count("ticket") == await _count("pending") == 0


# ---- Through the pages ----


async def test_live_results_never_move_by_fewer_than_five(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 32)
    viewer, steps, before = school.viewer("teacher"), [], 0
    for number, person in enumerate(people):
        await _all_answer(survey, [person], number)
        await anonymous.mix(survey)
        found = await results.results(viewer, survey)
        assert found.hidden == (found.counted == 0)
        assert found.answered == number + 1
        steps.append(found.counted - before)
        before = found.counted
        if not found.hidden:
            assert sum(bar.n for bar in found.questions[0].bars) == found.counted
    await running.close(viewer, survey)
    steps.append((await results.results(viewer, survey)).counted - before)
    assert {step for step in steps if step} <= set(range(FEWEST, 2 * FEWEST + 1))
    assert sum(steps) == 32


async def test_two_looks_around_one_answer_show_nothing(sqlite_school: TestSchool) -> None:
    """Somebody who handles the survey looks right before and right after a family sends, and again at each mixing."""
    school = sqlite_school
    survey, people = await _opened_after(school, 45)
    viewer, target, caught = school.viewer("teacher"), people[20], 0
    for number, person in enumerate(people):
        before = await results.results(viewer, survey)
        seen = repr((before.questions, before.removed, before.counted))
        assert await answer(person, survey, 2 if person is target else 1, "T" if person is target else "o") == "kept"
        after = await results.results(viewer, survey)
        assert repr((after.questions, after.removed, after.counted)) == seen
        await anonymous.mix(survey)
        mixed = await results.results(viewer, survey)
        if mixed.counted and "T" in mixed.questions[1].texts and not caught:
            caught = number + 1
            assert mixed.counted - before.counted >= FEWEST
    assert caught >= 21 or caught == 0


async def test_when_an_answer_shows_is_left_to_chance(school: TestSchool) -> None:
    """Whoever waits for the mixing after a family's answer finds it there only half of the time."""
    await crowd(school, 5)
    shown = 0
    for _ in range(40):
        survey = await opened(school, WHY, anonymous=True)
        for number in range(10):
            await _take_in(survey, number)
        await anonymous.mix(survey)
        shown += said(9) in str((await results.results(school.viewer("teacher"), survey)).questions)
        await actions.erase(school.viewer("teacher"), survey)
    assert 6 <= shown <= 34


async def test_a_question_that_few_answered_stays_hidden(school: TestSchool) -> None:
    people = await crowd(school, 12)
    survey = await opened(school, COMING, WHY, BRING, MARK, ORDER, anonymous=True)
    viewer = school.viewer("teacher")
    for number, person in enumerate(people):
        few = number < FEWEST - 1
        values = [said(number), [1], 3, [1, 2, 3]] if few else []
        assert await answer(person, survey, 1, *values) == "kept"
    await running.close(viewer, survey)
    found = await results.results(viewer, survey)
    assert [result.hidden for result in found.questions] == [False, True, True, True, True]
    assert said(0) not in repr(found)
    assert said(0) not in str(await results.rows(viewer, survey, language("en")))


async def test_nobody_keeps_a_half_filled_form_here(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 5)
    (question, *_rest) = await asked(survey)
    for attempt in (
        answering.keep_draft(people[0], survey, 0, {question.id: 1}),
        answering.attach(people[0], survey, 0, question.id, b"x"),
    ):
        with pytest.raises(NotVisible):
            await attempt
    assert await _count("draft") == 0
    await answer(people[0], survey, 1)
    form = await answering.begin(people[0], survey)
    assert (form.state, form.values) == ("answered", {})  # also for themselves


# ---- Once each, none lost ----


async def test_once_each(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 6)
    forms = [(viewer, await answering.begin(viewer, survey)) for viewer in people[:2] * 4]
    outcomes = await asyncio.gather(
        *(
            answering.submit(viewer, survey, 0, by_place(form.questions, [1]), form.fingerprint)
            for viewer, form in forms
        )
    )
    assert sorted(outcomes) == [*["kept"] * 2, *["twice"] * 6]
    assert await answer(people[0], survey, 2, seen=forms[0][1].fingerprint) == "twice"
    assert await _count("ticket") == await _count("pending") == 2


async def test_none_is_lost_while_several_workers_mix(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 40)
    forms = [(viewer, await answering.begin(viewer, survey)) for viewer in people]

    async def send(at: int) -> None:
        viewer, form = forms[at]
        values = by_place(form.questions, [1 + at % 2, said(at)])
        assert await answering.submit(viewer, survey, 0, values, form.fingerprint) == "kept"
        if at % 4 == 0:
            await anonymous.mix(survey)

    await asyncio.gather(*(send(at) for at in range(40)))
    await asyncio.gather(*(anonymous.mix(survey) for _ in range(4)))
    assert await _in(survey) + await _count("pending") == 40
    left = set(keys_on_disk())
    found = await load(survey)
    assert found.old_batch == 0
    await running.close(school.viewer("teacher"), survey)
    assert await _in(survey) == 40
    words = await db.value("SELECT body FROM surveys_words")
    assert json.loads(words) == sorted(said(at) for at in range(40))
    assert left - set(keys_on_disk()) == {found.secret, found.batch}  # no key of a lost race is left either


async def test_a_breakdown_between_mixing_and_forgetting_is_made_good(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, people = await _opened_after(school, 20)
    await _all_answer(survey, people[:10])
    old = (await load(survey)).batch
    with monkeypatch.context() as broken:
        broken.setattr(anonymous, "destroy_secret", _failing)
        with pytest.raises(OSError, match="the disk is away"):
            await running.mix_due({})
    assert (await load(survey)).old_batch == old
    assert secret(old) is not None
    await _all_answer(survey, people[10:], 10)
    await running.mix_due({})
    assert secret(old) is None
    with monkeypatch.context() as broken:
        broken.setattr(anonymous, "destroy_secret", _failing)
        with pytest.raises(OSError, match="the disk is away"):
            await running.close(school.viewer("teacher"), survey)
    found = await load(survey)
    assert found.state == "closed"
    await running.close_due({})
    assert secret(found.secret) is secret(found.batch) is None
    assert await _in(survey) == 20


def _failing(_number: int) -> None:
    raise OSError("the disk is away")


async def test_while_the_keys_are_away_nothing_is_lost(school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.sdk import Refused

    survey, people = await _opened_after(school, 11)
    await _all_answer(survey, people[:10])
    with monkeypatch.context() as away:
        away.setattr(anonymous, "secret", lambda _number: None)
        await anonymous.mix(survey)
        with pytest.raises(Refused):
            await answer(people[10], survey, 1)
        with pytest.raises(Refused):
            await running.close(school.viewer("teacher"), survey)
    assert (await load(survey)).state == "open"
    await _all_answer(survey, people[10:], 10)
    await running.close(school.viewer("teacher"), survey)
    assert await _in(survey) == 11


async def test_a_key_that_a_mixing_has_just_replaced_is_no_reason_to_refuse(school: TestSchool) -> None:
    """A transaction on PostgreSQL may still see the survey as it was before."""
    survey, people = await _opened_after(school, 12)
    await _all_answer(survey, people[:11])
    stale = await load(survey)
    await anonymous.mix(survey)
    tried: list[int] = []

    @atomic
    async def work() -> bool:
        seen = await load(survey) if tried else stale
        tried.append(seen.batch)
        return await anonymous.take_in(seen, Unit(f"g{people[11].person}"), {})

    assert await anonymous.with_keys(survey, work)
    assert tried == [stale.batch, (await load(survey)).batch]
    assert await _in(survey) + await _count("pending") == 12


# ---- People who are erased, surveys that are ----


async def test_the_portal_finds_nothing_of_a_person_to_export(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 12)
    await _all_answer(survey, people)
    await anonymous.mix(survey)
    for viewer in people:
        assert viewer.person is not None
        told = await keeping.about_person(viewer.person)
        assert not {portion.table for portion in told if portion.rows} & set(TABLES)


async def test_an_erased_person_s_ticket_goes_and_no_other(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 7)
    await _all_answer(survey, people)
    gone = people[3].person
    assert gone is not None
    await run_erasure(gone)
    key = secret((await load(survey)).secret)
    assert key is not None
    left = {number for (number,) in await db.rows("SELECT id FROM surveys_ticket")}
    assert left == {anonymous.ticket(key, f"g{viewer.person}") for viewer in people if viewer is not people[3]}
    assert await _count("pending") == 7


@atomic
async def run_erasure(person: int) -> None:
    await keeping.erase_person(person)


async def test_erasing_a_survey_destroys_its_keys(school: TestSchool) -> None:
    survey, people = await _opened_after(school, 12)
    await _all_answer(survey, people)
    await anonymous.mix(survey)
    found = await load(survey)
    with pytest.raises(NotVisible):
        await actions.erase(school.viewer("colleague"), survey)
    assert secret(found.secret) is not None
    await actions.erase(school.viewer("teacher"), survey)
    assert secret(found.secret) is secret(found.batch) is None
    assert [await _count(name) for name in ("ticket", "pending", "tally", "words")] == [0, 0, 0, 0]


@pytest.mark.parametrize("step", ["_mix", "_open"])
async def test_no_key_in_use_is_destroyed_by_whoever_was_cut_off(
    school: TestSchool, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Cancelled while it is committed, a transaction is committed all the same."""
    part: Any = {"_mix": anonymous, "_open": running}[step]
    real = getattr(part, step)

    async def cut_off(*given: Any) -> None:
        await real(*given)
        raise asyncio.CancelledError

    people = await crowd(school, 10)
    survey = await written(school, COMING, anonymous=True)
    if step == "_mix":
        await running.open_survey(school.viewer("teacher"), survey)
        await _all_come(survey, people)
    work = running.mix_due({}) if step == "_mix" else running.open_survey(school.viewer("teacher"), survey)
    with monkeypatch.context() as patched:
        patched.setattr(part, step, cut_off)
        with pytest.raises(asyncio.CancelledError):
            await work
    found = await load(survey)
    assert secret(found.secret) is not None
    assert secret(found.batch) is not None
    if step == "_open":
        await _all_come(survey, people)
    await running.mix_due({})
    await running.close(school.viewer("teacher"), survey)
    assert await _in(survey) == 10


async def _all_come(survey: int, people: list[Viewer]) -> None:
    for viewer in people:
        assert await answer(viewer, survey, 1) == "kept"
