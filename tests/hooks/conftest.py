"""A small plugin to break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .small import written


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """The package of a small plugin that keeps the contract; `load` of `small.py` brings it into the host."""
    (tmp_path / "beside").mkdir()
    with written(tmp_path / "beside") as package:
        yield package
