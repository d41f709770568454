"""Results as a OneRoster gradebook (1EdTech OneRoster 1.1 and 1.2, CSV binding), which the portal itself reads again.

What came by an import keeps its identifiers; what was made here has `portal-` and our number.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from portal.sdk import NotVisible, Refused, Viewer, _, clock, db, groups, marks, school, settings, sourced_ids, standing
from portal_grades.importing_match import OURS, SOURCE
from portal_grades.importing_plan import portions
from portal_grades.oneroster_names import COLUMNS, SETS, V12
from portal_grades.rules import plain_points

_ITEMS = 400  # line items whose results are read at once


async def may(viewer: Viewer, group: int) -> None:
    """Staff of a class get their own, administrators all, the office where the school allows it. Raises NotVisible."""
    asking = await standing(viewer)
    office = "office" in asking.roles and (await settings("grades"))["office_export"]
    if not ("admin" in asking.roles or office or group in asking.staff_of) or (group and group not in await groups()):
        raise NotVisible


async def export(viewer: Viewer, group: int, version: str) -> bytes:
    """The gradebook of a class, of the whole school where `group` is 0, as a zip. Raises NotVisible, Refused.

    Children whom a no-contact order keeps from this person stay out.
    """
    await may(viewer, group)
    if version not in COLUMNS:
        raise NotVisible
    classes = (await sourced_ids(groups=[group] if group else list(await groups())))[1]
    if not classes:
        raise Refused(_("This class did not come with a roster, so nothing outside would know it."))
    items = await _items(sorted(classes))
    categories = await _names_of("grades_category", items, 7)
    tables: dict[str, list[Sequence[object]]] = {
        "categories": await _categories(set(categories)),
        "lineItems": [_item(row, classes, version, categories) for row in items],
        "results": await _results(viewer, items, classes, version),
    }
    if version == V12:
        scales = await _names_of("grades_scale", items, 8)
        tables["scoreScales"] = await _scales(set(scales))
        tables["lineItemScoreScales"] = [
            (f"{_sid(row)}-scale", "active", _instant(row[15]), "", _sid(row), scales[row[8]])
            for row in items
            if row[8] in scales
        ]
    return await asyncio.to_thread(_zipped, version, tables, (await school()).name)


async def _items(classes: Sequence[int]) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for some in portions(classes):
        found += await db.rows(
            "SELECT id, source, sourced_id, group_id, title, description, subject, category, scale, period,"
            " assigned_on, due_on, lowest, highest, removed_at, updated_at FROM grades_assignment"
            f" WHERE removed_at = 0 AND group_id IN ({marks(len(some))}) ORDER BY id",
            *some,
        )
    return found


def _sid(row: Sequence[Any]) -> str:
    """Of a row that begins with id, source and sourced_id."""
    return str(row[2]) if row[1] == SOURCE and row[2] else f"{OURS}{row[0]}"


async def _names_of(table: str, items: Iterable[Sequence[Any]], at: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in portions(sorted({row[at] for row in items} - {0})):
        sql = f"SELECT id, source, sourced_id FROM {table} WHERE id IN ({marks(len(some))})"
        found |= {row[0]: _sid(row) for row in await db.rows(sql, *some)}
    return found


async def _categories(wanted: set[int]) -> list[Sequence[object]]:
    found: list[Sequence[object]] = []
    for some in portions(sorted(wanted)):
        sql = f"SELECT id, source, sourced_id, title FROM grades_category WHERE id IN ({marks(len(some))})"
        found += [(_sid(row), "active", "", row[3], "") for row in await db.rows(sql, *some)]
    return found


async def _scales(wanted: set[int]) -> list[Sequence[object]]:
    found: list[Sequence[object]] = []
    for some in portions(sorted(wanted)):
        sql = f"SELECT id, source, sourced_id, title, steps FROM grades_scale WHERE id IN ({marks(len(some))})"
        for row in await db.rows(sql, *some):
            pairs = ",".join(f"{{{step[0]}:{step[1]}}}" for step in json.loads(row[4]))
            found.append((_sid(row), "active", "", row[3], "grades", "", "", "", pairs))
    return found


def _item(row: Sequence[Any], classes: dict[int, str], version: str, categories: dict[int, str]) -> Sequence[object]:
    points = ["" if value is None else plain_points(value) for value in row[12:14]]
    common = (
        _sid(row), "active", _instant(row[15]), row[4], row[5], row[10], row[11], classes[row[3]],
        categories.get(row[7], ""), "", *points,
    )  # fmt: skip
    return (*common, "") if version == V12 else common


async def _results(
    viewer: Viewer, items: Sequence[Sequence[Any]], classes: dict[int, str], version: str
) -> list[Sequence[object]]:
    kept_from = (await standing(viewer)).blocked_from
    zone = (await school()).timezone
    by_id = {row[0]: row for row in items}
    children: dict[int, str] = {}
    found: list[Sequence[object]] = []
    for some in portions(sorted(by_id), _ITEMS):
        rows = await db.rows(
            "SELECT id, source, sourced_id, assignment, child, status, score, grade, comment, scored_on, valued_at,"
            f" missing, late, incomplete FROM grades_result WHERE assignment IN ({marks(len(some))}) ORDER BY id",
            *some,
        )
        new = {row[4] for row in rows} - children.keys()
        children |= (await sourced_ids(people=new))[0] if new else {}
        for row in rows:
            if row[4] in kept_from or row[4] not in children:
                continue
            item = by_id[row[3]]
            own = str(row[2]) if row[2] and item[1] == SOURCE else f"{OURS}{row[0]}"  # also where it was changed here
            common = (
                own, "active", _instant(row[10]), _sid(item), children[row[4]], row[5],
                "" if row[6] is None else plain_points(row[6]), row[9] or clock.day(row[10], zone), row[8],
            )  # fmt: skip
            newer = (row[7], classes[item[3]], "", *(_word(flag) for flag in (row[13], row[12], row[11])))
            found.append((*common, *newer) if version == V12 else common)
        await asyncio.sleep(0)
    return found


def _word(flag: object) -> str:
    return "true" if flag else "false"


def _instant(at: int) -> str:
    return clock.moment(at).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _zipped(version: str, tables: dict[str, list[Sequence[object]]], name: str) -> bytes:
    stated: list[Sequence[object]] = [("manifest.version", "1.0"), ("oneroster.version", version)]
    stated += [(f"file.{file}", "bulk" if file in tables else "absent") for file in SETS[version]]
    stated += [("source.systemName", name), ("source.systemCode", "family-portal")]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", _csv(("propertyName", "value"), stated))
        for file, rows in tables.items():
            header = COLUMNS[version][file]
            archive.writestr(f"{file}.csv", _csv(header, (row[: len(header)] for row in rows)))
    return packed.getvalue()


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()
