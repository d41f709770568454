"""Meetings: parents' evenings, visits, and appointments with a family. A plugin of the portal."""
