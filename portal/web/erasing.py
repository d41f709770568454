"""Asks once more before much is lost: the name of what is erased has to be typed."""

from __future__ import annotations

import unicodedata
from typing import Any

from litestar import Request, Response

from portal.i18n import _
from portal.web.shell import page
from portal.web.who import who


def is_typed(typed: object, name: str) -> bool:
    """Whether somebody typed this name, however they spaced it and whatever its letters are made of."""
    return isinstance(typed, str) and _plain(typed) == _plain(name)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def ask_for_name(
    request: Request[Any, Any, Any], *, question: str, detail: str, label: str, name: str, typed: object, action: str,
    back: str,
) -> Response[Any]:
    """The page that asks; `typed` is None before anything was typed. All texts are in the reader's language."""
    wrong = typed is not None
    return page(
        request, "office/erase.html", status=422 if wrong else 200, question=question, detail=detail, label=label,
        name=name, typed=str(typed or ""), action=action, back=back,
        errors={"typed": who(request).language.text(_("This is not the name. Nothing was erased."))} if wrong else {},
    )  # fmt: skip
