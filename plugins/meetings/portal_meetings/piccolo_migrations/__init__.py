"""Migrations of the meetings, in the order of their names. A migration is never changed once it was released."""
