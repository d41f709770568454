# ruff: noqa: E501  (rows of CSV files and cases stay on one line)
"""Folders, zips and uploads that lie, climb or burst."""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from portal.people.roster import limits
from portal.people.roster.problems import Problems
from portal.people.roster.source import Files, from_uploads, open_roster

from .kit import SMALL, zipped


def upload(data: bytes, name: str = "roster.zip") -> tuple[Files, Problems]:
    problems = Problems()
    return from_uploads([(name, data)], problems), problems


def refused(data: bytes, words: str, name: str = "roster.zip") -> None:
    files, problems = upload(data)
    assert files == {} or problems.errors
    assert [p.file for p in problems.errors] == [name]
    assert words in problems.errors[0].message, problems.errors[0].message


def entry(name: str, text: str = "a,b\n", **attributes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for good, content in SMALL.items():
            archive.writestr(good, content)
        info = zipfile.ZipInfo(name)
        for key, value in attributes.items():
            setattr(info, key, value)
        archive.writestr(info, text)
    return out.getvalue()


@pytest.mark.parametrize("folder", ["", "export/", "a/b/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_good_zip(folder: str, method: int) -> None:
    files, problems = upload(zipped(SMALL, folder, method))
    assert problems.errors == []
    assert {name: raw.data.decode() for name, raw in files.items()} == {n.lower(): t for n, t in SMALL.items()}


@pytest.mark.parametrize("name", ["../users.csv", "a/../../users.csv", "/etc/users.csv", "C:\\users.csv", "..\\users.csv"])
def test_a_zip_that_names_places_outside(name: str) -> None:
    refused(entry(name), "do not use it")


def test_a_zip_with_a_link() -> None:
    refused(entry("extra.csv", "/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16), "link", "extra.csv")


def test_a_zip_with_a_password() -> None:
    data = bytearray(zipped(SMALL))
    # The flag stands in the local header and in the table of contents of each entry.
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := data.find(magic, at)) >= 0:
            data[at + offset] |= 1
            at += 4
    files, problems = upload(bytes(data))
    assert files == {}
    assert problems.errors
    assert all("password" in p.message for p in problems.errors)


def test_a_zip_bomb_is_stopped_while_reading() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("users.csv", "w") as file:
        for _ in range(300):
            file.write(b"0" * limits.MIB)
    tracemalloc.start()
    refused(out.getvalue(), "unpacks to more")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < limits.MAX_FILE + 5 * limits.MIB


def test_a_zip_bomb_that_lies_about_its_size() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", b"0" * (15 * limits.MIB))
    data = bytearray(out.getvalue())
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # uncompressed size: ten bytes
        struct.pack_into("<I", data, data.find(magic) + offset, 10)
    _files, problems = upload(bytes(data))
    assert problems.errors  # cut at ten bytes, whose checksum is wrong


def test_many_bombs_together() -> None:
    line = os.urandom(1000) + b"\n"  # shrinks little enough to pass the ratio
    files = {f"{n}.csv": (line * 60)[: 60 * 1000] + os.urandom(2000) for n in range(3)}
    big = {name: data * 320 for name, data in files.items()}  # 20 MB each: only the sum is too much
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in big.items():
            archive.writestr(name, data)
    refused(out.getvalue(), "more than")


def test_too_many_entries() -> None:
    refused(zipped({f"{n}.csv": "a\n" for n in range(limits.MAX_FILES + 1)}), "unpacks to more")


def test_a_table_of_contents_beyond_measure() -> None:
    refused(zipped({f"{n:0200}.txt": "" for n in range(6000)}, method=zipfile.ZIP_STORED), "bigger than")


@pytest.mark.parametrize("cut", [0, 10, 200, -30])
def test_a_damaged_zip(cut: int) -> None:
    refused(zipped(SMALL)[:cut] if cut else b"PK\x03\x04 no zip", "damaged")


def test_a_zip_with_flipped_bytes() -> None:
    data = zipped(SMALL)
    at = data.find(b"users.csv") + 60
    refused(data[:at] + bytes(255 - b for b in data[at : at + 20]) + data[at + 20 :], "damaged")


def test_a_zip_packed_unusually() -> None:
    refused(zipped(SMALL, method=zipfile.ZIP_LZMA), "unusual")


def test_a_name_twice_in_a_zip() -> None:
    refused(entry("users.csv"), "Keep one", "users.csv")
    refused(entry("USERS.CSV"), "Keep one", "USERS.CSV")


def test_two_folders_in_a_zip() -> None:
    refused(entry("old/users2.csv"), "one folder")


def test_what_systems_leave_in_zips_is_passed_over() -> None:
    files, problems = upload(zipped({**SMALL, "__MACOSX/._users.csv": "x", ".DS_Store": "x", "Thumbs.db": "x"}))
    assert problems.errors == problems.warnings == []
    assert len(files) == len(SMALL)


def test_a_zip_without_tables() -> None:
    _files, problems = upload(zipped({"people.xlsx": "x"}))
    assert "no CSV file" in problems.errors[0].message
    assert "CSV UTF-8" in problems.warnings[0].message


def fill(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in SMALL.items():
        (folder / name).write_text(text)
    return folder


def opened(path: Path) -> tuple[Files, Problems]:
    problems = Problems()
    return open_roster(path, problems), problems


def test_a_good_folder_and_one_below_it(tmp_path: Path) -> None:
    fill(tmp_path / "here")
    fill(tmp_path / "above" / "export")
    for folder in ("here", "above"):
        files, problems = opened(tmp_path / folder)
        assert problems.errors == []
        assert len(files) == len(SMALL)


def test_two_folders_below(tmp_path: Path) -> None:
    fill(tmp_path / "one")
    fill(tmp_path / "two")
    _files, problems = opened(tmp_path)
    assert any("one folder" in p.message for p in problems.errors)


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n")
    folder = fill(tmp_path / "roster")
    (folder / "demographics.csv").symlink_to(secret)
    files, problems = opened(folder)
    assert "demographics.csv" not in files
    assert [p.file for p in problems.errors] == ["demographics.csv"]


def test_a_pipe_in_a_folder_does_not_hold_us_up(tmp_path: Path) -> None:
    folder = fill(tmp_path / "roster")
    os.mkfifo(folder / "demographics.csv")
    _files, problems = opened(folder)
    assert [p.file for p in problems.errors] == ["demographics.csv"]


def test_names_that_differ_in_letters_only(tmp_path: Path) -> None:
    folder = fill(tmp_path / "roster")
    (folder / "Users.csv").write_text(SMALL["users.csv"])
    _files, problems = opened(folder)
    assert [p.file for p in problems.errors] == ["users.csv"]


@pytest.mark.parametrize("name", ["nowhere", "file.csv", "empty", "text.zip"])
def test_paths_that_are_no_roster(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.csv").write_text("a,b\n")
    (tmp_path / "text.zip").write_text("no zip")
    (tmp_path / "empty").mkdir()
    files, problems = opened(tmp_path / name)
    assert files == {}
    assert [p.file for p in problems.errors] == [name]
    assert str(tmp_path) not in problems.errors[0].message


def test_a_file_that_is_too_big(tmp_path: Path) -> None:
    folder = fill(tmp_path / "roster")
    with (folder / "users.csv").open("wb") as file:
        file.truncate(limits.MAX_FILE + 1)
    _files, problems = opened(folder)
    assert "bigger" in problems.errors[0].message


def test_an_upload_of_several_files_ignores_their_paths() -> None:
    problems = Problems()
    files = from_uploads([(f"../../{name}", text.encode()) for name, text in SMALL.items()], problems)
    assert problems.errors == []
    assert set(files) == {name.lower() for name in SMALL}
