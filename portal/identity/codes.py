"""One-time codes for invitations: easy to read and type, far too many to guess.

Fifteen signs out of 24 make 68 bits. The alphabet leaves out one of what looks alike (0 O, 1 I L,
2 Z, 5 S, 8 B), and vowels, so that no code spells a word.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "BCDFGHJKMNPQRSTVWXZ34679"
GROUPS, GROUP = 3, 5
LENGTH = GROUPS * GROUP

# What is often typed instead: signs that look alike, and Cyrillic or Greek letters from another keyboard.
_MEANT = str.maketrans("825ВСДНКМРТХЗΒΗΚΜΝΡΤΧΖ", "BZSBCDHKMPTX3BHKMNPTXZ")


def make() -> str:
    """A new code such as `BCDFG-HJKMN-PQRST`."""
    signs = [secrets.choice(ALPHABET) for _ in range(LENGTH)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def normal(typed: str) -> str:
    """What was typed as the code's bare signs; nothing is lost if it has spaces, small letters or no hyphens."""
    wide = unicodedata.normalize("NFKC", typed[:200]).upper()
    digits = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in wide)
    return "".join(sign for sign in digits.translate(_MEANT) if sign.isalnum())


def digest(typed: str) -> bytes:
    """What is stored of a code. A plain hash is enough for something that cannot be guessed."""
    return hashlib.sha256(normal(typed).encode("utf-8", "surrogatepass")).digest()
