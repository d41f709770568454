"""What can go wrong in words for people. Mapped to HTTP once, in `portal.web.failures`."""

from __future__ import annotations


def _(text: str) -> str:
    """Marks a text as one that people read, as `portal.i18n._` does, which stands above this module."""
    return text


class PortalError(Exception):
    """A failure with a text for people: an English msgid with %(name)s places, translated where it is shown."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotVisible(PortalError):
    """Absent, or not for this viewer: both look the same from outside."""

    def __init__(self) -> None:
        super().__init__(_("This page does not exist, or it is not for you."))


class Refused(PortalError):
    """Understood, allowed to know about it, and not done. Says why."""


class SignInNeeded(PortalError):
    """Only somebody who is signed in can go on."""

    def __init__(self) -> None:
        super().__init__(_("Please sign in first."))


class BadInput(PortalError):
    """Something in a form or file is not right. `field` names the place."""

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class TooBusy(PortalError):
    """The database or a worker had no room for this in time; trying again helps."""


class Resting(PortalError):
    """A plugin hung a short while ago and is left alone for some minutes, so that it holds up nobody else."""

    def __init__(self) -> None:
        super().__init__(_("This part of the portal does not work at the moment. Please try again in a few minutes."))


class UnsafeToStart(PortalError):
    """The portal refuses to start rather than run unsafely."""
