"""The made-up school: its people, its stories and the pictures it draws itself."""
