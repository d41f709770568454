"""Apertium's Russian and Ukrainian as Debian packages them, mended.

Its tagger ends with an error at the first word that could be two things, and takes everything behind it along. One
rule loses the space between two words, another says a verb twice instead of the noun behind it. So Apertium's steps run
one by one here, without that tagger, and the rules get what they do not stumble over. Other pairs run as they are.
"""

from __future__ import annotations

import re
import time

from portal.sdk import Unreachable, run_program

MENDED = ("rus-ukr", "ukr-rus")
PROGRAMS = (
    "apertium-destxt", "lt-proc", "cg-proc", "apertium-pretransfer", "lrx-proc", "apertium-transfer",
    "apertium-interchunk", "apertium-postchunk", "apertium-retxt",
)  # fmt: skip
_PAIR = "/usr/share/apertium/apertium-rus-ukr"

Change = tuple[re.Pattern[str], str]
_WORD = r"[^/$\\]*"  # a part of one word in Apertium's stream, where nothing is escaped
# Of a word that could be two things: behind a verb, what the verb is about; and “ли” is no hops.
_CHOICE: tuple[Change, ...] = (
    (re.compile(r"\^([Лл]и)/[^$\\]*\$"), r"^\1/*\1$"),
    (re.compile(rf"(<tv>[^$\\]*\$ \^{_WORD})/[^$\\]*(/{_WORD}<acc>)[^$\\]*\$"), r"\1\2$"),
)
# A sign that no school writes stands between a verb and a genitive, so that the rule about both does not see them.
_APART: Change = re.compile(r"(\^[^$\\]*<vb[a-z]*>[^$\\]*\$ )(?=\^[^$\\]*<n>[^$\\]*<gen>\$)"), r"\1^*¦$ "
_TOGETHER: Change = re.compile(r"[*#@]?¦ ?"), ""
# A word that the other language has none for stays, rather than nothing.
_STAYS: Change = re.compile(r"\^([^/<$\\]+)<[^/$\\]*/@[^$\\]*\$"), r"^*\1/*\1$"
_SPACE: Change = re.compile(r">\$\^"), ">$ ^"


async def said(mode: str, given: bytes, timeout_s: float) -> bytes:
    """What the pair makes of a text, in one of the `MENDED` modes. Raises Unreachable, also where it lies elsewhere."""
    base, rules = f"{_PAIR}/{mode}", f"{_PAIR}/apertium-rus-ukr.{mode}"
    steps: tuple[tuple[tuple[str, ...], tuple[Change, ...]], ...] = (
        (("apertium-destxt",), ()),
        (("lt-proc", "-w", f"{base}.automorf.bin"), ()),
        (("cg-proc", "-w", f"{base}.rlx.bin"), _CHOICE),
        (("cg-proc", "-w", "-1", "-n", f"{base}.rlx.bin"), (_APART,)),
        (("apertium-pretransfer",), ()),
        (("lt-proc", "-b", f"{base}.autobil.bin"), (_STAYS,)),
        (("lrx-proc", "-m", f"{base}.autolex.bin"), ()),
        (("apertium-transfer", "-b", f"{rules}.t1x", f"{base}.t1x.bin"), (_SPACE,)),
        (("apertium-interchunk", f"{rules}.t2x", f"{base}.t2x.bin"), ()),
        (("apertium-postchunk", f"{rules}.t3x", f"{base}.t3x.bin"), ()),
        (("lt-proc", "-g", f"{base}.autogen.bin"), ()),
        (("lt-proc", "-p", f"{base}.autopgen.bin"), (_TOGETHER,)),
        (("apertium-retxt",), ()),
    )
    ends = time.monotonic() + timeout_s
    for (program, *arguments), changes in steps:
        left = max(0.0, ends - time.monotonic())
        given = await run_program(program, *arguments, data=given, timeout_s=left, most=5_000_000)
        for pattern, put in changes:
            given = pattern.sub(put, given.decode("utf-8", "replace")).encode()
    if not given.strip():
        raise Unreachable("answer")
    return given
