"""A new plugin, made by the command and installed beside the portal, works and is green at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import scaffold
from portal.errors import PortalError

WITHOUT = "not open_to_everyone"  # axe looks at the same pages where the tutorial is followed


def test_a_new_plugin_is_built_installed_elsewhere_and_green_at_once(tmp_path: Path) -> None:
    folder = scaffold.make("lost_things", "Lost things", tmp_path)
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", site, folder], check=True, capture_output=True)
    paths = os.pathsep.join([str(site), *filter(None, sys.path)])
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", WITHOUT, folder / "tests"],
        cwd=folder / "tests", env=environment | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "4 passed" in run.stdout


@pytest.mark.parametrize("name", ["Lost", "l", "office", "lost-things", "1lost", "löst", ""])
def test_what_is_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(PortalError, match="no name for a plugin"):
        scaffold.make(name, "", tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "portal-lost").mkdir()
    with pytest.raises(PortalError, match="already"):
        scaffold.make("lost", "", tmp_path)
    with pytest.raises(PortalError, match="letters"):
        scaffold.make("found", 'a"b', tmp_path)
