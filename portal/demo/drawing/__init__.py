"""How the demo school's pictures are drawn: strokes, people, places, things, and the scenes made of them."""
