"""Migrations of the grades, in the order of their names. A migration is never changed once it was released."""
