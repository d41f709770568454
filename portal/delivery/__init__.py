"""How word reaches a family: an outbox, and the channels that empty it."""
