"""For our tests and for plugin authors: a small school with a named cast, and browsers for each of them."""

from portal.testing.browser import Browser
from portal.testing.pictures import picture
from portal.testing.school import CAST, TestSchool, open_school, run

__all__ = ["CAST", "Browser", "TestSchool", "open_school", "picture", "run"]
