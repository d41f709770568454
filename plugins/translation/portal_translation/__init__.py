"""What people write, in the reader's language."""
