"""Appointments in e-mails. Whoever made one knows nobody's address; it is put in when the mail is sent."""

from __future__ import annotations

import re

READER = "mailto:reader@portal.invalid"  # whoever the mail goes to (RFC 2606: a name that cannot exist)
SCHOOL = "mailto:school@portal.invalid"
_METHOD = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)
LONGEST = 75  # octets of a line (RFC 5545, 3.1)


def method(calendar: str) -> str:
    """What an iCalendar object asks of its reader: REQUEST, CANCEL …"""
    found = _METHOD.search(calendar)
    return found[1] if found else "PUBLISH"


def addressed(calendar: str, reader: str, school: str) -> str:
    """The object with the addresses of its reader and of the school, its lines folded anew."""
    lines = re.split(r"\r?\n", re.sub(r"\r?\n[ \t]", "", calendar))  # other signs that end lines belong to a text
    filled = (line.replace(READER, f"mailto:{reader}").replace(SCHOOL, f"mailto:{school}") for line in lines)
    return "".join(f"{_folded(line)}\r\n" for line in filled if line)


def _folded(line: str) -> str:
    """A line in pieces that no reader's limit cuts, none of them within a letter."""
    pieces, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LONGEST:
            pieces.append("")
            size = 1  # the space before what goes on
        pieces[-1] += sign
        size += width
    return "\r\n ".join(pieces)
