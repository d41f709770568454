"""Surveys: what families need and wish, permission slips, and answers that stay anonymous."""
