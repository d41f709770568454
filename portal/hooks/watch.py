"""Notices when a plugin holds up a whole worker, as with `time.sleep` or an endless loop, and stops it.

A thread looks every second whether the event loop still moves. If it has stood still for `LIMIT_S` inside a plugin's
code, the plugin is interrupted with `Hung` and rests for a while; the request or hook that it was in fails.
"""

from __future__ import annotations

import asyncio
import ctypes
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import structlog

from portal.hooks.host import Host, Hung, Plugin

log = structlog.get_logger("portal.hooks")
LIMIT_S = 5.0
LOOK_S = 1.0


class Watch:
    """Watches one event loop. `start` on its thread, `stop` when it ends."""

    def __init__(self, host: Host, limit_s: float = LIMIT_S, look_s: float = LOOK_S) -> None:
        self._host, self._limit, self._look = host, limit_s, look_s
        self._moved = time.monotonic()
        self._ended = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beat: asyncio.TimerHandle | None = None
        self._thread_id = 0
        self._interrupting = False

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread_id = threading.get_ident()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGURG, self._signalled)  # a signal ends a sleep early, which nothing else does
        self._move()
        threading.Thread(target=self._watch, name="plugin-watch", daemon=True).start()

    def stop(self) -> None:
        self._ended.set()
        if self._beat is not None:
            self._beat.cancel()

    def _move(self) -> None:
        self._moved = time.monotonic()
        if self._loop is not None and not self._ended.is_set():
            self._beat = self._loop.call_later(self._look, self._move)

    def _watch(self) -> None:
        while not self._ended.wait(self._look):
            if time.monotonic() - self._moved < self._limit + self._look:
                continue
            frame = sys._current_frames().get(self._thread_id)
            found = self._plugin_in(frame)
            if found is None:
                continue
            name, place = found
            self._host.blame(name, place, Hung())
            self._moved = time.monotonic()
            self._interrupt()

    def _plugin_in(self, frame: FrameType | None) -> tuple[str, str] | None:
        """The plugin whose code the loop is in, and where."""
        while frame is not None:
            for name, plugin in self._host.plugins.items():
                if _is_of(plugin, frame):
                    return name, f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
            frame = frame.f_back
        return None

    def _interrupt(self) -> None:
        if self._thread_id == threading.main_thread().ident:
            self._interrupting = True
            signal.pthread_kill(self._thread_id, signal.SIGURG)
        else:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread_id), ctypes.py_object(Hung))

    def _signalled(self, _signal: int, frame: FrameType | None) -> None:
        wanted, self._interrupting = self._interrupting, False
        if wanted and self._plugin_in(frame) is not None:  # it may have ended by itself in this very moment
            raise Hung


def _is_of(plugin: Plugin, frame: FrameType) -> bool:
    """Whether a plugin's module or template is at work. Not by folder: that of a single module holds others', too."""
    module, package = str(frame.f_globals.get("__name__", "")), plugin.about.package
    if module == package or module.startswith(f"{package}."):
        return True
    return Path(frame.f_code.co_filename).is_relative_to(plugin.about.folder / "templates")
