"""What was sealed for a place opens there, and nothing else opens anywhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.photos import cipher
from portal.photos.cipher import CHUNK, CipherError, Master, Sealed

KEY = bytes(range(32))
SIZES = [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]
HEAD, STEP = 9, CHUNK + 16


def text(size: int) -> bytes:
    return (b"picture " * size)[:size]


def refused(
    blob: bytes, truth: bytes, key: bytes = KEY, photo: int = 5, name: str = "large", redaction: int = 0
) -> None:
    """Neither way of opening yields a wrong byte: nothing at all, or by stream the beginning and then the error."""
    with pytest.raises(CipherError):
        cipher.open_(key, photo, name, blob, redaction)
    seen: list[bytes] = []
    with pytest.raises(CipherError):
        seen.extend(cipher.open_stream(key, photo, name, [blob], redaction))
    assert truth.startswith(b"".join(seen))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens(size):
    data = text(size)
    blob = cipher.seal(KEY, 5, "large", data, 9)
    assert isinstance(blob, Sealed)
    assert len(blob) == HEAD + size + 16 * max(1, -(-size // CHUNK))
    assert cipher.open_(KEY, 5, "large", blob, 9) == data
    assert data[:64] not in blob or size < 8


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", [1, 9, 4096, CHUNK, STEP, 10**6])
def test_streams_agree_with_wholes(size, part):
    if part == 1 and size > CHUNK:
        pytest.skip("the same as with larger parts, for long")
    data = text(size)

    def cut(blob: bytes) -> list[bytes]:
        return [blob[at : at + part] for at in range(0, len(blob), part)]

    sealed = b"".join(cipher.seal_stream(KEY, 5, "large", cut(data)))
    assert cipher.open_(KEY, 5, "large", sealed) == data
    assert b"".join(cipher.open_stream(KEY, 5, "large", cut(cipher.seal(KEY, 5, "large", data)))) == data


def test_the_same_picture_never_looks_the_same():
    assert len({bytes(cipher.seal(KEY, 5, "large", b"same")) for _ in range(50)}) == 50
    assert len({cipher.new_key() for _ in range(50)}) == 50


@pytest.mark.parametrize("size", [10, 2 * CHUNK + 5])
def test_another_place_does_not_open(size):
    blob = cipher.seal(KEY, 5, "large", text(size))
    assert cipher.open_(KEY, 5, "large", blob) == text(size)
    for place in ({"photo": 6}, {"name": "small"}, {"name": "largex"}, {"redaction": 1}, {"key": bytes(32)}):
        refused(blob, b"", **place)


@given(st.sampled_from([0, 40, CHUNK, CHUNK + 40]), st.data())
@settings(deadline=None, max_examples=150)
def test_any_change_is_noticed(size, data):
    blob = bytearray(cipher.seal(KEY, 5, "large", text(size)))
    match data.draw(st.sampled_from(["flip", "cut", "extend", "insert", "remove"])):
        case "flip":
            at = data.draw(st.integers(0, len(blob) - 1))
            blob[at] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del blob[data.draw(st.integers(0, len(blob) - 1)) :]
        case "extend":
            blob += data.draw(st.binary(min_size=1, max_size=40))
        case "insert":
            at = data.draw(st.integers(0, len(blob) - 1))
            blob[at:at] = data.draw(st.binary(min_size=1, max_size=40))
        case "remove":
            at = data.draw(st.integers(0, len(blob) - 1))
            del blob[at : at + data.draw(st.integers(1, 40))]
    refused(bytes(blob), text(size))


def test_chunks_cannot_be_moved():
    data = text(3 * CHUNK)
    one, two = (cipher.seal(KEY, 5, "large", data) for _ in range(2))
    chunks = [one[HEAD + n * STEP : HEAD + (n + 1) * STEP] for n in range(3)]
    others = [two[HEAD + n * STEP : HEAD + (n + 1) * STEP] for n in range(3)]
    assert cipher.open_(KEY, 5, "large", one[:HEAD] + b"".join(chunks)) == data
    for order in (
        [chunks[1], chunks[0], chunks[2]],
        [chunks[0], chunks[1]],  # cut at a chunk's end
        [chunks[0], chunks[2]],
        [*chunks, chunks[2]],
        [chunks[0], others[1], chunks[2]],
        [],
    ):
        refused(one[:HEAD] + b"".join(order), data)
    refused(b"", data)


def test_a_wrapped_key_opens_for_its_photo_only():
    master = Master({1: bytes(32)})
    key = cipher.new_key()
    wrapped = cipher.wrap(master, 5, key)
    assert len(wrapped) == cipher.WRAPPED_BYTES
    assert key not in wrapped
    assert cipher.unwrap(master, 5, wrapped) == key
    for photo, blob, by in (
        (6, wrapped, master),
        (5, wrapped[:-1], master),
        (5, wrapped + b"x", master),
        (5, b"", master),
        (5, wrapped, Master({1: b"x" * 32})),
    ):
        with pytest.raises(CipherError):
            cipher.unwrap(by, photo, blob)
    for at in range(len(wrapped)):
        with pytest.raises(CipherError):
            cipher.unwrap(master, 5, wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :])


def test_rewrapping():
    old, both, new = Master({1: bytes(32)}), Master({1: bytes(32), 2: b"n" * 32}), Master({2: b"n" * 32})
    key = cipher.new_key()
    first = cipher.wrap(old, 5, key)
    second = cipher.rewrap(both, 5, first)
    assert (cipher.wrapped_version(first), cipher.wrapped_version(second)) == (1, 2)
    assert cipher.unwrap(new, 5, second) == cipher.unwrap(both, 5, first) == key
    with pytest.raises(cipher.UnknownVersion):
        cipher.unwrap(new, 5, first)
    with pytest.raises(cipher.UnknownVersion):
        cipher.unwrap(old, 5, second)


@pytest.mark.parametrize("versions", [{}, {0: bytes(32)}, {1: bytes(31)}, {1 << 32: bytes(32)}])
def test_no_master_key_without_a_key(versions):
    with pytest.raises(ValueError, match="32 bytes"):
        Master(versions)


def test_keys_do_not_show():
    assert "n" * 8 not in repr(Master({2: b"n" * 32}))
    with pytest.raises(ValueError, match="32 bytes"):
        cipher.wrap(Master({1: bytes(32)}), 5, b"short")
