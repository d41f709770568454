"""The one rule of who may see a photo, and the one door through which photos are reached."""
