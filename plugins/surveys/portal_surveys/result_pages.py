"""What came in: pictures, tables, files, and who is still missing."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from portal.sdk import Access, NotVisible, csv_file, file_response, who
from portal.sdk import page as show
from portal_surveys import loading, results, translating, words

Req = Request[Any, Any, Any]
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@get("/surveys/{survey:int}/results", access=Access.STAFF)
async def look(request: Req, survey: FromPath[int]) -> Response[Any]:
    """Results as far as they may be shown; while the survey is open they follow what comes in."""
    person = who(request)
    stored, _standing = await loading.handled(person.viewer, survey)
    if stored.state == "draft":
        raise NotVisible
    named = not stored.anonymous
    found = await results.results(person.viewer, survey)
    header, lines = await results.rows(person.viewer, survey, person.language) if named else ([], [])
    return show(
        request,
        "surveys/results.html",
        survey=stored,
        found=found,
        header=header,
        rows=lines,
        missing=await results.missing(person.viewer, survey) if named and stored.state == "open" else [],
        said=await translating.words_of(person, found),
        closing=words.CLOSING[stored.anonymous],
    )


@get("/surveys/{survey:int}/results.csv", access=Access.STAFF)
async def table(request: Req, survey: FromPath[int]) -> Response[Any]:
    """The same as a table for a spreadsheet."""
    person = who(request)
    stored, _standing = await loading.handled(person.viewer, survey)
    if stored.state == "draft":
        raise NotVisible
    header, lines = await results.rows(person.viewer, survey, person.language)
    return csv_file(f"{stored.title.text(person.language.code)[:60] or survey}.csv", header, lines)


@get("/surveys/{survey:int}/files/{answer:int}", access=Access.SIGNED_IN)
async def file(request: Req, survey: FromPath[int], answer: FromPath[int]) -> Response[Any]:
    """A file that somebody answered with: for those who handle the survey, and for whoever sent it."""
    data, media_type = await results.open_answer_file(who(request).viewer, survey, answer)
    return file_response(f"{answer}.{ENDINGS.get(media_type, 'bin')}", data, media_type)


ROUTES = [look, table, file]
