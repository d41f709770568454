"""Migrations of the translations, in the order of their names. A migration is never changed once it was released."""
