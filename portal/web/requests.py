"""Requests as the portal reads them: forms within bounds, decoded safely, and kept for this request only."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import litestar
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ClientException, InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import MultipartSegment  # type: ignore[import-untyped]

FORM_LIMIT = 256 * 1024  # bytes of a form without files; routes that take files declare their own limit for these
LONGEST_FORM = 2 * 1024 * 1024  # bytes of the longest form without files
MOST_FIELDS = 10_000  # of one form; ticking a photo's children sends one field each
_URL_ENCODED = "application/x-www-form-urlencoded"

# A part of a form may name the charset of its text, and the framework decodes it with whatever Python knows by that
# name: 250 KB as `punycode` take 18 seconds. Pages send UTF-8, so that is how every part is read.
MultipartSegment.charset = property(lambda _part: None, lambda _part, _named: None)


class Request(litestar.Request[Any, Any, Any]):
    """A request of the framework with a `form` of our own.

    The framework keeps the last thousand url-encoded bodies for reuse in the process's memory. Passwords stand in
    them, and anybody can fill that memory with large forms, so ours are read anew and forgotten with their request.
    """

    async def form(self) -> FormMultiDict:
        """The form that came with this request, empty where none did. Raises ClientException for one beyond reading."""
        state = self.scope["state"]
        if "form" not in state:
            state["form"] = await self._read()
        found: FormMultiDict = state["form"]
        return found

    async def _read(self) -> FormMultiDict:
        try:
            if self.content_type[0] != _URL_ENCODED:
                return _whole(await super().form())
            body = bytearray()
            async for part in self.stream():
                body += part
                if len(body) > LONGEST_FORM:  # no file comes this way, however large those that the route takes
                    raise RequestEntityTooLarge
            text = body.decode("latin-1")
            return FormMultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except (ValueError, LookupError):  # too many fields; bytes or a name of an encoding that mean no text
            raise ClientException("unreadable form") from None
        except InternalServerException:  # the line broke while the form was on its way
            raise ClientException("half a form") from None


def _whole(form: FormMultiDict) -> FormMultiDict:
    """Raises UnicodeEncodeError where half a character came out of an odd encoding."""
    for key, value in form.multi_items():
        key.encode()
        if isinstance(value, str):
            value.encode()
    return form
