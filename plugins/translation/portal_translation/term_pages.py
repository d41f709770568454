"""The school's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.sdk import LANGUAGES, Access, BadInput, _, confirm, language, page, redirect, who
from portal_translation import glossary
from portal_translation.glossary import Term

Req = Request[Any, Any, Any]
LIST = "/translation/words"


@get("/translation/words", access=Access.STAFF)
async def words(request: Req) -> Response[Any]:
    return page(
        request, "translation/words.html", terms=await glossary.terms(),
        offered=[(code, language(code).name) for code in LANGUAGES],
    )  # fmt: skip


def _form(
    request: Req, term: Term, status: int = 200, errors: Mapping[str, str] | None = None
) -> Response[Any]:
    reader = who(request).language
    return page(
        request,
        "translation/word.html",
        status=status,
        term=term,
        errors=errors or {},
        offered=[(code, language(code).name, language(code).direction) for code in LANGUAGES],
        any_language=reader.text(_("Any language")),
    )


@get("/translation/words/new", access=Access.STAFF)
async def new(request: Req) -> Response[Any]:
    return _form(request, Term(0, "", who(request).school.languages[0], {}))


@get("/translation/words/{term:int}", access=Access.STAFF)
async def edit(request: Req, term: FromPath[int]) -> Response[Any]:
    return _form(request, await glossary.one(term))


async def _save(request: Req, term: int | None) -> Response[Any]:
    person, form = who(request), await request.form()
    text, code = str(form.get("term", "")), str(form.get("language", ""))
    fixed = {other: str(form.get(f"in-{other}", "")) for other in LANGUAGES}
    try:
        await glossary.save(person.viewer, term, text, code, fixed)
    except BadInput as failure:
        said = {failure.field: person.language.text(failure.message, **failure.values)}
        return _form(request, Term(term or 0, text, code, fixed), 422, said)
    return redirect(request, LIST, _("Saved. Texts with this word are translated again."))


@post("/translation/words/new", access=Access.STAFF, status_code=303)
async def add(request: Req) -> Response[Any]:
    return await _save(request, None)


@post("/translation/words/{term:int}", access=Access.STAFF, status_code=303)
async def change(request: Req, term: FromPath[int]) -> Response[Any]:
    await glossary.one(term)
    return await _save(request, term)


@post("/translation/words/{term:int}/remove", access=Access.STAFF, status_code=303)
async def remove(request: Req, term: FromPath[int]) -> Response[Any]:
    found = await glossary.one(term)
    if not (await request.form()).get("confirmed"):
        return confirm(
            request, _("Remove “%(word)s” from the list?"), _("From then on it is translated like any other word."),
            f"{LIST}/{term}/remove", _("Remove"), LIST, word=found.term,
        )  # fmt: skip
    await glossary.remove(who(request).viewer, term)
    return redirect(request, LIST, _("Removed."))


ROUTES = [words, new, edit, add, change, remove]
