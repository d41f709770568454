"""Starts an application under Granian with one worker, as a process of its own, and stops it again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(target: str, port: int, probe: str, environment: dict[str, str]) -> Iterator[int]:
    """Yields the process id of the server's main process once `probe` answers."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning", target]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{probe}", timeout=5)
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise RuntimeError(f"{target} did not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)
