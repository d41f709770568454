"""The command `portal` in processes of its own, forked from one that has imported it: imports take longer than most
commands do. That the installed command starts at all is for other tests to see."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

FORKING = """
import json, os, sys
from importlib.metadata import entry_points
from portal.cli import main
from portal.hooks import NAMESPACE

for entry in entry_points(group=NAMESPACE):
    entry.load()
for line in sys.stdin:
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        for number, file in enumerate((os.devnull, asked["out"], asked["err"])):
            os.dup2(os.open(file, os.O_RDWR), number)
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        sys.argv = ["portal", *asked["arguments"]]
        main()
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@functools.cache
def _forking() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


def end() -> None:
    """Leaves no process behind."""
    if _forking.cache_info().currsize:
        with _forking() as forking:  # waits for it, once its input has ended
            assert forking.stdin is not None
            forking.stdin.close()
        _forking.cache_clear()


def portal(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end, where nobody types: its exit code and what it printed."""
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        asked = {
            "arguments": [str(each) for each in arguments], "folder": str(folder or Path.cwd()),
            "environment": dict(environment or {}), "out": out.name, "err": err.name,
        }  # fmt: skip
        forking = _forking()
        assert forking.stdin is not None
        assert forking.stdout is not None
        print(json.dumps(asked), file=forking.stdin, flush=True)
        code = int(forking.stdout.readline())
        return subprocess.CompletedProcess(asked["arguments"], code, out.read(), err.read())
