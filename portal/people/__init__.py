"""Persons, groups, links between guardians and children, households."""
