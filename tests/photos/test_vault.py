"""Keys, files and the two together: private to the account, lasting, and gone when erased."""

import base64
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from portal.errors import Refused, UnsafeToStart
from portal.kinds import new_id
from portal.photos import cipher, files, keys
from portal.photos.cipher import CipherError, Sealed
from portal.photos.files import Missing
from portal.photos.intake import Rendition
from portal.photos.keys import KeyStore
from portal.photos.store import Store
from portal.photos.vault import Vault


@pytest.fixture(params=[0o022, 0o000, 0o077], autouse=True)
def umask(request):
    """Whatever the account's umask is, nothing is open to others."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    keys.create_master(tmp_path / "secret" / "master.key")
    return at(tmp_path)


def at(folder: Path) -> Vault:
    return Vault(folder / "photos", folder / "keys", folder / "secret" / "master.key")


def renditions(seed: bytes = b"picture") -> list[Rendition]:
    return [
        Rendition("small", "webp", 4, 3, seed + b" small"),
        Rendition("large", "webp", 16, 12, seed * 30_000),
    ]


def modes(folder: Path) -> set[tuple[str, str]]:
    kinds = {True: "folder", False: "file"}
    return {(kinds[path.is_dir()], oct(stat.S_IMODE(path.lstat().st_mode))) for path in folder.rglob("*")}


# --- the vault


def test_what_is_kept_comes_back_true(vault, tmp_path):
    photo, other = new_id(), new_id()
    vault.keep(photo, 0, renditions())
    vault.keep(photo, 77, renditions(b"redacted"))
    vault.keep(other, 0, renditions(b"another"))
    for reader in (vault, at(tmp_path)):
        assert reader.read(photo, 0, "small") == b"picture small"
        assert reader.read(photo, 77, "small") == b"redacted small"
        assert reader.read(photo, 0, "large") == b"picture" * 30_000
        assert reader.read(other, 0, "small") == b"another small"
        for absent in ((photo, 0, "print"), (photo, 5, "small"), (new_id(), 0, "small"), (photo, 0, "../0.small")):
            with pytest.raises(Missing):
                reader.read(*absent)


def test_kept_again_replaces(vault):
    photo = new_id()
    vault.keep(photo, 3, renditions(b"first"))
    vault.keep(photo, 3, renditions(b"second"))
    assert vault.read(photo, 3, "small") == b"second small"


def test_everything_on_disk_is_sealed_and_private(vault, tmp_path):
    vault.keep(new_id(), 0, renditions())
    assert modes(tmp_path) == {("folder", "0o700"), ("file", "0o600")}
    stored = [path.read_bytes() for path in (tmp_path / "photos").rglob("*") if path.is_file()]
    assert len(stored) == 2
    assert all(b"picture" not in blob for blob in stored)


def test_files_swapped_on_disk_do_not_open(vault, tmp_path):
    one, two = new_id(), new_id()
    vault.keep(one, 0, renditions())
    vault.keep(one, 8, renditions(b"redacted"))
    vault.keep(two, 0, renditions(b"another"))

    def path(photo: int, redaction: int, name: str) -> Path:
        return tmp_path / "photos" / files.shard(photo) / f"{photo:016x}" / f"{redaction:x}.{name}"

    target = path(one, 8, "small")
    good = target.read_bytes()
    for source in (path(one, 0, "small"), path(one, 8, "large"), path(two, 0, "small")):
        target.write_bytes(source.read_bytes())
        with pytest.raises(CipherError):
            vault.read(one, 8, "small")
    target.write_bytes(good)
    assert vault.read(one, 8, "small") == b"redacted small"
    for changed in (good[:-1], good + b"x", good[:20] + bytes([good[20] ^ 1]) + good[21:], b""):
        target.write_bytes(changed)
        with pytest.raises(CipherError):
            vault.read(one, 8, "small")


def test_a_link_in_the_store_is_not_followed(vault, tmp_path):
    photo = new_id()
    vault.keep(photo, 0, renditions())
    path = tmp_path / "photos" / files.shard(photo) / f"{photo:016x}" / "0.small"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        vault.read(photo, 0, "small")


def test_erasing_ends_it_for_every_process(vault, tmp_path):
    photo, other = new_id(), new_id()
    vault.keep(photo, 0, renditions())
    vault.keep(other, 0, renditions(b"another"))
    backup = {path: path.read_bytes() for path in (tmp_path / "photos").rglob("*.small")}
    reader = at(tmp_path)
    assert reader.read(photo, 0, "small")
    assert vault.erase(photo)
    for each in (reader, vault):
        with pytest.raises(Missing):
            each.read(photo, 0, "small")
        assert each.read(other, 0, "small") == b"another small"
    assert not list((tmp_path / "photos").rglob(f"{photo:016x}*"))
    for path, blob in backup.items():  # the pictures come back from an old backup; the key does not
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(blob)
    with pytest.raises(Missing):
        reader.read(photo, 0, "small")
    assert vault.erase(photo)  # the files that came back
    assert not vault.erase(photo)


def test_erasing_one_redaction(vault):
    photo = new_id()
    vault.keep(photo, 0, renditions())
    vault.keep(photo, 0x10, renditions(b"other"))
    vault.keep(photo, 0x1, renditions(b"redacted"))
    assert vault.erase_redaction(photo, 0x1)
    assert not vault.erase_redaction(photo, 0x1)
    with pytest.raises(Missing):
        vault.read(photo, 0x1, "small")
    assert vault.read(photo, 0, "small") == b"picture small"
    assert vault.read(photo, 0x10, "small") == b"other small"


def test_rotation_while_others_go_on(vault, tmp_path):
    master = tmp_path / "secret" / "master.key"
    store = KeyStore(tmp_path / "keys")
    photos = [new_id() for _ in range(5)]
    for photo in photos[:4]:
        vault.keep(photo, 0, renditions())
    late, untouched = at(tmp_path), (tmp_path / "photos").stat().st_mtime_ns
    keys.add_master_version(master)
    with pytest.raises(Refused):
        keys.drop_old_master_versions(master, store)
    assert vault.rotate() == 4
    assert vault.rotate() == 0
    assert {cipher.wrapped_version(store.get(photo)) for photo in photos[:4]} == {2}
    assert late.read(photos[0], 0, "small") == b"picture small"  # held version 1 until now
    assert at(tmp_path).read(photos[0], 0, "small") == b"picture small"
    late.keep(photos[4], 0, renditions())
    assert cipher.wrapped_version(store.get(photos[4])) == 2
    assert keys.drop_old_master_versions(master, store).current == 2
    assert len(master.read_text().splitlines()) == 2
    assert all(at(tmp_path).read(photo, 0, "small") == b"picture small" for photo in photos)
    assert (tmp_path / "photos").stat().st_mtime_ns >= untouched


def test_a_process_that_has_not_heard_of_a_rotation_wraps_with_the_new_key(vault, tmp_path):
    keys.add_master_version(tmp_path / "secret" / "master.key")
    photo = new_id()
    vault.keep(photo, 0, renditions())
    assert cipher.wrapped_version(KeyStore(tmp_path / "keys").get(photo)) == 2


# --- the master key


def test_a_master_key_is_never_overwritten(tmp_path):
    path = tmp_path / "master.key"
    keys.create_master(path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keys.create_master(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o777])
def test_a_master_key_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "master.key"
    keys.create_master(path)
    path.chmod(mode)
    with pytest.raises(UnsafeToStart, match="chmod 600"):
        keys.load_master(path)
    for private in (0o600, 0o400):
        path.chmod(private)
        assert keys.load_master(path).current == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing\n",
        b"1 short\n",
        b"1 " + base64.b64encode(bytes(31)),
        b"x " + base64.b64encode(bytes(32)),
        b"1\n",
        b"\xff\xfe",
    ],
)
def test_a_damaged_master_key_is_refused(tmp_path, content):
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UnsafeToStart):
        keys.load_master(path)


def test_a_missing_master_key_is_refused(tmp_path):
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(UnsafeToStart):
            keys.load_master(path)


# --- the key store


def test_a_key_folder_open_to_others_is_refused(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys").chmod(0o750)
    with pytest.raises(UnsafeToStart, match="chmod 700"):
        KeyStore(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o700)
    KeyStore(tmp_path / "keys")


def test_keys_are_put_once_and_destroyed(tmp_path):
    store, other = KeyStore(tmp_path / "keys"), KeyStore(tmp_path / "keys")
    photo = new_id()
    store.put(photo, b"k" * 64)
    assert other.get(photo) == b"k" * 64
    with pytest.raises(FileExistsError):
        other.put(photo, b"x" * 64)
    assert list(store.ids()) == [photo]
    assert store.destroy(photo)
    assert not store.destroy(photo)
    for each in (store, other):
        with pytest.raises(Missing):
            each.get(photo)
    assert list(store.ids()) == []


def test_destroying_reaches_what_a_killed_process_left(tmp_path):
    store = KeyStore(tmp_path / "keys")
    photo, near = 5, 5 + (1 << 64)  # the same folder
    store.put(photo, b"k" * 64)
    path = next(path for path in (tmp_path / "keys").rglob(f"{photo:016x}"))
    held = path.open("rb")
    draft = Path(f"{path}.abc.tmp")
    draft.write_bytes(b"k" * 64)
    store.put(near, b"n" * 64)
    assert store.destroy(photo)
    assert held.read() != b"k" * 64  # overwritten, too
    assert not draft.exists()
    assert store.get(near) == b"n" * 64


PUT = """
import os, sys
from pathlib import Path
from portal.photos.keys import KeyStore
try:
    KeyStore(Path(sys.argv[1])).put(7, os.urandom(64))
except FileExistsError:
    sys.exit(9)
"""


def test_one_of_several_processes_makes_the_key(tmp_path):
    workers = [subprocess.Popen([sys.executable, "-c", PUT, str(tmp_path / "keys")]) for _ in range(3)]
    assert sorted(worker.wait(30) for worker in workers) == [0, 9, 9]
    assert len(KeyStore(tmp_path / "keys").get(7)) == 64


def test_a_key_destroyed_during_rotation_stays_destroyed(vault, tmp_path):
    photos = [new_id() for _ in range(30)]
    store = KeyStore(tmp_path / "keys")
    for photo in photos:
        store.put(photo, cipher.wrap(keys.load_master(tmp_path / "secret" / "master.key"), photo, cipher.new_key()))
    keys.add_master_version(tmp_path / "secret" / "master.key")
    eraser = threading.Thread(target=lambda: [store.destroy(photo) for photo in photos])
    eraser.start()
    vault.rotate()
    eraser.join()
    assert list(store.ids()) == []


# --- the store


def test_the_store_takes_sealed_bytes_only(tmp_path):
    store = Store(tmp_path / "photos")
    with pytest.raises(TypeError):
        store.put(1, 0, {"small": b"plain"})
    assert list(tmp_path.rglob("*.*")) == []
    store.put(1, 0, {"small": cipher.seal(bytes(32), 1, "small", b"plain")})
    assert cipher.open_(bytes(32), 1, "small", store.get(1, 0, "small")) == b"plain"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "a.b", "é", "x" * 33])
def test_names_are_plain_words(tmp_path, name):
    store = Store(tmp_path / "photos")
    with pytest.raises(ValueError, match="rendition name"):
        store.put(1, 0, {name: Sealed(b"x")})
    with pytest.raises(Missing):
        store.get(1, 0, name)


def test_a_write_that_fails_leaves_the_older_file(tmp_path, monkeypatch):
    store = Store(tmp_path / "photos")
    store.put(1, 0, {"small": Sealed(b"old")})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        store.put(1, 0, {"small": Sealed(b"new")})
    assert store.get(1, 0, "small") == b"old"
    assert not list(tmp_path.rglob("*.tmp"))


def test_large_files_come_back_whole(tmp_path):
    store = Store(tmp_path / "photos")
    for size in (0, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 3_000_000):
        store.put(1, 0, {"large": Sealed(bytes(size))})
        assert store.get(1, 0, "large") == bytes(size)


def test_ids_are_spread_over_folders():
    # as 4,096 photos get them, a few milliseconds apart
    shards = [files.shard((60_000_000_000 + 7 * n) << 22 | 321 << 12) for n in range(4096)]
    assert len(set(shards)) > 2000
    assert max(shards.count(shard) for shard in set(shards)) < 10
    assert all(len(shard) == 3 for shard in shards)
