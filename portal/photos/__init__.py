"""From an uploaded file to sealed renditions and back: intake, strip, cipher, store."""
