"""Links to a translation: each is signed for one person, as that person stands just then, for a few hours.

Whoever gets a text gets the link along with it, and nobody else can make one. When a family changes, somebody leaves a
class or is kept from a child, their old links lead nowhere, because they stand differently now.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from portal.sdk import NotVisible, Standing, clock, secret

STEP = 2 * clock.HOUR  # a link holds for this step of time and the next


def digest(standing: Standing) -> str:
    """How a person stands: whoever reads a text now may read it as long as this is the same."""
    sets = (standing.roles, standing.staff_of, standing.family_of, standing.blocked_from, standing.streams)
    said = [str(standing.person), str(standing.is_child), *(",".join(map(str, sorted(each))) for each in sets)]
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:32]


class Signer:
    """Signs for one person."""

    def __init__(self, key: bytes, standing: Standing) -> None:
        self._key = key
        self._who = digest(standing)

    def link(self, text: int) -> str:
        """The address of a translation, for this person."""
        step = clock.now() // STEP
        return f"/translation/{text}?at={step}&sig={self._sign(text, step)}"

    def holds(self, text: int, step: int, signature: str) -> bool:
        """Whether a link of this person's is still good."""
        present = clock.now() // STEP
        return step in (present, present - 1) and hmac.compare_digest(
            self._sign(text, step).encode(), signature.encode()
        )

    def _sign(self, text: int, step: int) -> str:
        mac = hmac.digest(self._key, f"{text}|{step}|{self._who}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac[:18]).decode()


def signer(number: int, standing: Standing) -> Signer:
    """With the key of this number. Raises NotVisible if there is none: then no link can be good."""
    key = secret(number) if number else None
    if key is None or not standing.signed_in:
        raise NotVisible
    return Signer(key, standing)
