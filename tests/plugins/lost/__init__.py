"""A small plugin with tables of each kind, for tests of what the portal does with what plugins keep."""
