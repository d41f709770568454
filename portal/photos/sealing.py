"""Small things sealed under keys that lie outside the database, such as the password of a service."""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.photos import documents

_NONCE = 12  # bytes, random: a key seals far fewer than 2**32 things (NIST SP 800-38D, 8.3)


def seal(key: bytes, data: bytes) -> bytes:
    """AES-256-GCM under a key of `secret`, with a random nonce in front."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, None)


def unseal(key: bytes, sealed: bytes) -> bytes:
    """What `seal` sealed. Raises ValueError if the key is another or a bit was changed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag:
        raise ValueError("This was sealed with another key, or has been changed since.") from None


def seal_text(text: str) -> str:
    """A text under a new key of its own, as `KEY:SEALED`; '' for an empty one."""
    if not text:
        return ""
    number = documents.new_secret()
    key = documents.secret(number)
    assert key is not None  # made just now
    return f"{number}:{base64.b64encode(seal(key, text.encode())).decode()}"


def open_text(sealed: str) -> str:
    """What `seal_text` sealed; '' for anything else, or where the key is gone, as after a restore without keys."""
    number, _colon, rest = sealed.partition(":")
    try:
        key = documents.secret(int(number)) if rest else None
        return unseal(key, base64.b64decode(rest, validate=True)).decode() if key else ""
    except (ValueError, binascii.Error):
        return ""


def forget_text(sealed: str) -> None:
    """Destroys the key of a text."""
    number, colon, _rest = sealed.partition(":")
    if colon and number.isascii() and number.isdecimal():
        documents.destroy_secret(int(number))
