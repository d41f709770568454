"""OneRoster's gradebook service (1EdTech OneRoster 1.1 and 1.2 over REST) as a client: token, pages, what changed.

What it answers is written down as the CSV files that the same source would export, so that there is one way in.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from portal.sdk import Reply, Unreachable, _, ask, clock
from portal_grades.importing_files import Sent
from portal_grades.importing_problems import Problems
from portal_grades.oneroster import MOST_LINES
from portal_grades.oneroster_names import COLUMNS, V11, V12

PAGE = 1000  # records that are asked for at once; a service may give fewer
MOST_PAGES = 10_000
MOST_ANSWER = 20_000_000  # bytes of one page
PATIENCE = 3  # times that a service may ask to be left alone
MOST_WAIT_S = 20
SLACK = clock.HOUR  # clocks differ

PATHS = {V11: "/ims/oneroster/v1p1", V12: "/ims/oneroster/gradebook/v1p2"}
SCOPES = {
    V11: "https://purl.imsglobal.org/spec/or/v1p1/scope/gradebook.readonly",
    V12: "https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook.readonly",
}
COLLECTIONS = {V11: ("categories", "lineItems", "results"), V12: ("categories", "scoreScales", "lineItems", "results")}
_NEEDED = ("lineItems", "results")
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*rel\s*=\s*"?next"?', re.I)


class Declined(Exception):
    """The service does not do what it should; `text` is a msgid with its values."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


@dataclass
class Service:
    """A service as the school named it."""

    address: str
    token_address: str
    client: str
    secret: str = field(repr=False)
    version: str = V12
    token: str = field(default="", repr=False)

    @property
    def base(self) -> str:
        """Where its collections lie; the standard's place where only the machine was named."""
        bare = not urlsplit(self.address).path.strip("/")
        return self.address.rstrip("/") + PATHS[self.version] if bare else self.address


async def fetch(service: Service, since: int | None, problems: Problems, told: Callable[[int], Any]) -> list[Sent]:
    """All that the service has, or what changed `since`, as CSV files. `told` hears how many records there are.

    Raises Unreachable, Declined.
    """
    files: list[Sent] = []
    scales: list[list[str]] = []
    count = 0
    for kind in COLLECTIONS[service.version]:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        columns = COLUMNS[V12][kind]
        writer.writerow(columns)
        rows = 0
        async for record in records(service, kind, since):
            writer.writerow(_fields(record, columns))
            if kind == "lineItems" and (scale := _reference(record.get("scoreScale"))):
                scales.append(
                    [f"{record.get('sourcedId')}-scale", "active", "", "", str(record.get("sourcedId")), scale]
                )
            rows, count = rows + 1, count + 1
            if rows > MOST_LINES:
                text = _("The service has more than %(most)s records of one kind, more than can be taken at once.")
                raise Declined(text, most=MOST_LINES)
            if rows % PAGE == 0:
                await told(count)
        files.append(Sent(f"{kind}.csv", stream.getvalue().encode()))
    if scales:
        files.append(Sent("lineItemScoreScales.csv", _csv(COLUMNS[V12]["lineItemScoreScales"], scales)))
    mode = "bulk" if since is None else "delta"
    stated = [["manifest.version", "1.0"], ["oneroster.version", service.version]]
    stated += [[f"file.{file.name.removesuffix('.csv')}", mode] for file in files]
    return [Sent("manifest.csv", _csv(("propertyName", "value"), stated)), *files]


def _csv(header: tuple[str, ...], rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue().encode()


# ---- Asking ----


async def records(service: Service, kind: str, since: int | None) -> AsyncIterator[dict[str, Any]]:
    """The records of one collection, page after page, each once."""
    url, offset, seen = f"{service.base}/{kind}", 0, set[str]()
    newer = {} if since is None else {"filter": f"dateLastModified>'{instant(since - SLACK)}'"}
    params: dict[str, Any] | None = {"limit": PAGE, "offset": 0, **newer}
    for _page in range(MOST_PAGES):
        reply = await _get(service, url, params)
        if reply.status == 404 and kind not in _NEEDED:
            return  # not every service has categories and scales
        found = _listed(reply, kind)
        new = [each for each in found if str(each.get("sourcedId", "")) not in seen]
        seen.update(str(each.get("sourcedId", "")) for each in new)
        for record in new:
            yield record
        if not new:
            return  # the end, or a service that gives the same page again
        offset += len(found)
        if link := _NEXT.search(reply.headers.get("link", "")):
            url, params = _same_place(service, urljoin(url, link[1])), None
        elif params is None or _all_there(reply, offset):
            return
        else:
            params = {**params, "offset": offset}
    raise Declined(_("The service goes on without end."))


def _all_there(reply: Reply, offset: int) -> bool:
    total = reply.headers.get("x-total-count", "")
    return total.isdigit() and offset >= int(total)


def _same_place(service: Service, url: str) -> str:
    """The next page's address, if it lies on the same machine: nobody else gets the token."""
    if urlsplit(url)[:2] != urlsplit(service.base)[:2]:
        raise Declined(_("The service sends on to another machine. That was not followed."))
    return url


def _listed(reply: Reply, kind: str) -> list[dict[str, Any]]:
    found = reply.json()
    listed = found.get(kind) if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Unreachable("answer")
    return listed


async def _get(service: Service, url: str, params: dict[str, Any] | None) -> Reply:
    renewed = not service.token
    waited = 0
    while True:
        if not service.token:
            await sign_in(service)
        headers = {"Authorization": f"Bearer {service.token}", "Accept": "application/json"}
        reply = await ask("GET", url, params=params, headers=headers, timeout_s=60, most=MOST_ANSWER)
        if reply.status == 401 and not renewed:
            service.token, renewed = "", True
        elif reply.status in (429, 503) and waited < PATIENCE:
            waited += 1
            typed = reply.headers.get("retry-after", "")
            await asyncio.sleep(min(int(typed) if typed.isdigit() else 2, MOST_WAIT_S))
        elif reply.status in (401, 403):
            text = _("The service does not let this client read the gradebook. Ask for the scope gradebook.readonly.")
            raise Declined(text)
        elif reply.status in (200, 404):
            if reply.status == 404 and not any(url.endswith(f"/{kind}") for kind in ("categories", "scoreScales")):
                raise Declined(_("The service does not have a gradebook at this address. Is the address right?"))
            return reply
        else:
            raise Declined(_("The service answered with the code %(code)s."), code=reply.status)


async def sign_in(service: Service) -> None:
    """Fetches a token (OAuth 2, client credentials): the secret goes in the header, or in the form if that fails."""
    form = {"grant_type": "client_credentials", "scope": SCOPES[service.version]}
    pair = f"{quote(service.client, safe='')}:{quote(service.secret, safe='')}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}", "Accept": "application/json"}
    reply = await ask("POST", service.token_address, headers=headers, form=form)
    if reply.status in (400, 401):
        both = {**form, "client_id": service.client, "client_secret": service.secret}
        reply = await ask("POST", service.token_address, headers={"Accept": "application/json"}, form=both)
    if reply.status in (400, 401, 403):
        raise Declined(_("The service does not accept the client's name or secret. Enter them again in the settings."))
    if reply.status != 200:
        raise Declined(_("The place for tokens answered with the code %(code)s."), code=reply.status)
    found = reply.json()
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise Unreachable("answer")
    service.token = token


def instant(at: int) -> str:
    """An instant as the standard's filters write it."""
    return clock.moment(at).strftime("%Y-%m-%dT%H:%M:%S.000Z")


# ---- Records as rows ----

_REFERENCES = {
    "classSourcedId": "class", "categorySourcedId": "category", "academicSessionSourcedId": "academicSession",
    "schoolSourcedId": "school", "lineItemSourcedId": "lineItem", "studentSourcedId": "student",
    "courseSourcedId": "course", "orgSourcedId": "org",
}  # fmt: skip


def _reference(value: object) -> str:
    """The sourcedId of a reference, which is an object, or a bare text where somebody made it short."""
    if isinstance(value, dict):
        value = value.get("sourcedId")
    return value if isinstance(value, str) else ""


def _fields(record: dict[str, Any], columns: tuple[str, ...]) -> list[str]:
    return [_field(record, column) for column in columns]


def _field(record: dict[str, Any], column: str) -> str:
    if column == "academicSessionSourcedId":
        return _reference(record.get("academicSession") or record.get("gradingPeriod"))
    if column in _REFERENCES:
        return _reference(record.get(_REFERENCES[column]))
    value = record.get(column)
    if column == "scoreScaleValue" and isinstance(value, list):
        pairs = (
            (str(each.get("itemValueLHS", "")), str(each.get("itemValueRHS", "")))
            for each in value
            if isinstance(each, dict)
        )
        return ",".join(f"{{{left}:{right}}}" for left, right in pairs)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return ""
