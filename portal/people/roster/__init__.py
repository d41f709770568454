"""Bringing in the school's people: read a roster, compare it with what is stored, apply the differences.

`source` opens a folder, zip or upload; `csvfile` decodes and splits; `oneroster` and `sheet` understand the two
formats and yield one neutral `values.Roster`; `plan` compares it; `actions` writes it in one transaction;
`command` is the command line.
"""
