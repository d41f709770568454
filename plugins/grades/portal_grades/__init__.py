"""Grades: assignments, results and lessons of a class, for each child's own family."""
