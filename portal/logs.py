"""Logging without personal data: one line of JSON for each event, and failures as type and places only.

The message of an exception and the values in its frames can hold names and texts, so neither is written down.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

FRAMES = 12


def _places(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    failure: Any = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()[1]
    if isinstance(failure, tuple):
        failure = failure[1]
    if isinstance(failure, BaseException):
        event["failure"] = type(failure).__name__
        frames = traceback.extract_tb(failure.__traceback__)[-FRAMES:]
        event["places"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def configure() -> None:
    """Sets up logging for this process: to standard error, where the service manager collects it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _places,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
