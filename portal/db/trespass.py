"""Keeps a plugin's SQL to the plugin's own tables. Finds mistakes; whoever means harm is not stopped by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from portal.acting import current

# Strings and comments say nothing about tables; what is left is names, maybe quoted, and signs.
_NOISE = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S)
_PIECE = re.compile(r'"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|[A-Za-z_À-￿][\w$À-￿]*|[^\s]')
_NAME = re.compile(r"[A-Za-z_À-￿\"`\[]")
_BEFORE_A_TABLE = {"from", "join", "into", "update", "table", "references"}
_BETWEEN = {"if", "not", "exists", "only", "lateral", "or", "replace", "ignore", "rollback", "abort", "fail"}
_CLAUSES = {
    "select", "delete", "where", "group", "order", "limit", "set", "values", "having", "returning", "window", "offset",
}  # fmt: skip
_STATEMENTS = {"select", "with", "insert", "update", "delete"}
_SHAPES = {"create", "alter", "drop"}
_REFERRED = {"person", "photo", "school_group"}  # a plugin's columns may refer to these, so that they name what exists


class Trespass(Exception):
    """A plugin's statement names a table that is not its own, or is of a kind that plugins have no use for."""


def check(sql: str) -> None:
    """Raises Trespass for a statement of the plugin that is being run. Without one there is nothing to check."""
    plugin = current()
    if plugin and (wrong := foreign(sql, plugin)):
        raise Trespass(f"The plugin {plugin} may not use {wrong}: its tables begin with {plugin}_.")


def check_shape(sql: str) -> None:
    """The same for a statement of a migration, which may also make, change and drop."""
    plugin = current()
    if plugin and (wrong := foreign(sql, plugin, shapes=True)):
        raise Trespass(f"The plugin {plugin} may not touch {wrong}: its tables begin with {plugin}_.")


@lru_cache(maxsize=2048)
def foreign(sql: str, plugin: str, *, shapes: bool = False) -> str:
    """The first thing in a statement that is not the plugin's; '' where all is well."""
    pieces = list(_PIECE.findall(_NOISE.sub(" '' ", sql)))
    first = pieces[0].lower() if pieces else ""
    if first not in (_STATEMENTS | _SHAPES if shapes else _STATEMENTS):
        return f"a statement that begins with {first!r}"
    if ";" in pieces[:-1] and not shapes:
        return "several statements at once"
    made_here = _made_here(pieces)
    for word, table in _tables(pieces):
        if shapes and word == "references" and table in _REFERRED:
            continue
        if table not in made_here and not table.startswith(f"{plugin}_"):
            return f"the table {table}"
    return ""


def _plain(piece: str) -> str:
    return piece.strip('"`[]').lower()


def _made_here(pieces: list[str]) -> set[str]:
    """Names of common table expressions: WITH name AS (…), name AS (…)."""
    found, lower = set(), [piece.lower() for piece in pieces]
    for at, piece in enumerate(lower[:-2]):
        if piece in ("with", "recursive", ",") and _NAME.match(lower[at + 1]):
            after = at + 2
            if lower[after] == "(":  # a list of columns
                while after < len(lower) - 1 and lower[after] != ")":
                    after += 1
                after += 1
            if lower[after : after + 2] == ["as", "("] or lower[after : after + 3] == ["as", "materialized", "("]:
                found.add(_plain(pieces[at + 1]))
    return found if "with" in lower else set()


def _tables(pieces: list[str]) -> Iterator[tuple[str, str]]:
    """Every name that stands where a table stands, behind the word that says so."""
    lower = [piece.lower() for piece in pieces]
    clauses = [""]  # which part of which statement this is, for each bracket that is open
    at = 0
    while at < len(lower):
        word, before = lower[at], lower[at - 1] if at else ""
        at += 1
        if word == "(":
            clauses.append("")
        elif word == ")":
            clauses = clauses[:-1] or [""]
        elif word in _CLAUSES:
            clauses[-1] = word
        elif word == "from" and (not clauses[-1] or before == "distinct"):
            continue  # of a function such as trim(… from …), or of IS DISTINCT FROM
        elif word == "update" and before in ("on", "do", "for"):  # ON UPDATE CASCADE, DO UPDATE SET, FOR UPDATE
            continue
        elif word in _BEFORE_A_TABLE or (word == "," and clauses[-1] == "from"):
            clauses[-1] = "from" if word in ("from", "join", ",") else word
            while at < len(lower) and lower[at] in _BETWEEN:
                at += 1
            if at < len(lower) and (lower[at] == "'" or _NAME.match(lower[at])) and lower[at] != "select":
                name, at = _dotted(pieces, at)
                yield word, name


def _dotted(pieces: list[str], at: int) -> tuple[str, int]:
    """The name that begins here, with its schema, and what follows. SQLite takes a text for a name, too."""
    name = _plain(pieces[at])
    at += 1
    while at < len(pieces) and pieces[at] == ".":
        name += "." + (_plain(pieces[at + 1]) if at + 1 < len(pieces) else "")
        at += 2
    return name, at
