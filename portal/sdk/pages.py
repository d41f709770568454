"""Helpers for a plugin's pages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from litestar import Request, Response
from litestar.datastructures import UploadFile
from markupsafe import Markup

from portal.errors import NotVisible
from portal.identity import actions as _identity
from portal.web import exports
from portal.web.pages.signin import client_address
from portal.web.shell import fragment as _shared
from portal.web.shell import page
from portal.web.who import Who, who

Req = Request[Any, Any, Any]


def fragment(person: Who, template: str, macro: str, *args: Hashable) -> Markup:
    """What a macro of a template prints for these arguments in this reader's language, remembered by them.

    For parts that stand on a page many times. The arguments are all that the macro gets: it knows no page and nobody.
    """
    return _shared(person.language.code, template, macro, *args)


def confirm(
    request: Req, question: str, detail: str, action: str, yes: str, back: str, fields: Mapping[str, Any] | None = None,
    **values: object,
) -> Response[Any]:
    """The page that asks before something is lost. `question`, `detail` and `yes` are msgids, filled with `values`.

    Its form posts `fields` to `action` together with `confirmed=1`.
    """
    text = who(request).language.text
    return page(
        request, "confirm.html", question=text(question, **values), detail=text(detail, **values), action=action,
        yes=text(yes), back=back, fields=fields or {},
    )  # fmt: skip


async def uploaded(request: Req, field: str) -> bytes | None:
    """The file that came in a field of the form, None where none was chosen.

    The route declares `request_max_body_size=` in bytes, or nothing larger than a form without files is taken.
    """
    item = (await request.form()).get(field)
    if not isinstance(item, UploadFile):
        return None
    try:
        return (await item.read()) or None
    finally:
        await item.close()


async def confirm_password(request: Req, password: str) -> None:
    """Step-up: the person proves once more who they are, as for a signature.

    Raises BadInput at `password` if it is not theirs, Throttled (a PortalError) after too many tries, NotVisible for a
    visitor.
    """
    person = who(request).person
    if person is None:
        raise NotVisible
    await _identity.confirm(person, password, client_address(request))


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[bytes]:
    """A table as a CSV file (RFC 4180, UTF-8 with a mark so that spreadsheets know it), safe against formulas."""
    return file_response(name, exports.csv_bytes(header, rows), "text/csv; charset=utf-8")


def file_response(name: str, data: bytes, media_type: str) -> Response[bytes]:
    """Bytes to be saved under a name (RFC 6266); never shown as a page of the portal, never kept by caches."""
    return exports.download(name, data, media_type)
