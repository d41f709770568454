"""Hair, scarves and turbans, drawn around the head at (0, 0)."""

from __future__ import annotations

from portal.demo.drawing.hats import Hat
from portal.demo.drawing.looks import Look
from portal.demo.drawing.svg import at, circ, dark, light, oval, path

_FRINGES = {
    "short": "M-45 4C-50 -64 50 -64 45 4C42 -10 38 -22 22 -26C4 -20 -14 -20 -30 -24C-38 -18 -42 -8 -45 4Z",
    "side": "M-45 4C-52 -64 50 -66 45 6C43 -12 34 -24 8 -30C-4 -16 -24 -10 -39 -10C-42 -6 -44 0 -45 4Z",
    "crop": "M-43 -6C-46 -60 46 -60 43 -6C40 -26 22 -32 0 -32C-22 -32 -40 -26 -43 -6Z",
    "full": "M-46 8C-52 -64 52 -64 46 8L40 -6C38 -16 34 -19 27 -19L-27 -19C-34 -19 -38 -16 -40 -6Z",
    "parted": "M-46 8C-52 -66 52 -66 46 8C43 -12 26 -24 2 -35C-22 -26 -42 -14 -46 8Z",
}


def back_hair(look: Look, hat: Hat | None) -> str:
    """What of the hair lies behind the head (or, seen from behind, over the back)."""
    low = dark(look.hair, 0.13)
    style = look.style
    if style == "scarf":
        return path("M-50 -4C-52 -62 52 -62 50 -4C54 24 46 46 34 56L-34 56C-46 46 -54 24 -50 -4Z", low)
    if hat and hat[0] in ("swim", "helmet"):
        return ""
    if style == "bob":
        return path("M-50 0C-52 -58 52 -58 50 0L50 26C50 38 40 40 30 38L-30 38C-40 40 -50 38 -50 26Z", low)
    if style == "long":
        return path("M-49 0C-52 -58 52 -58 49 0C54 40 54 70 46 84Q24 92 0 88Q-24 92 -46 84C-54 70 -54 40 -49 0Z", low)
    if style == "waves":
        return path(
            "M-47 -4C-50 -56 50 -56 47 -4C62 8 54 22 60 34C66 48 54 56 54 66C40 78 22 70 0 72C-22 70 -40 78"
            " -54 66C-54 56 -66 48 -60 34C-54 22 -62 8 -47 -4Z",
            low,
        )
    if style == "pony":
        tail = path("M30 -34C66 -44 84 -8 72 34C66 48 58 46 58 36C60 12 52 -8 30 -12Z", low)
        return tail + circ(40, -26, 8, look.accent)
    if style == "pigtails":
        one = path("M0 0C26 -8 34 24 22 44C14 52 6 48 6 38C8 24 4 12 0 8Z", low) + circ(2, 3, 7, look.accent)
        return at(40, -2, one) + at(-40, -2, one, flip=True)
    if style == "braids":
        out = ""
        for side in (-1, 1):
            out += "".join(oval(side * (44 + i * 2), 16 + i * 16, 11 - i * 0.6, 11, low) for i in range(5))
            out += circ(side * 54, 92, 6, look.accent)
        return out
    if style == "bun":
        return circ(0, -54, 22, low) + circ(-5, -60, 7, light(low, 0.15))
    if style == "buns":
        return "".join(circ(side * 34, -42, 20, low) + circ(side * 36, -47, 6, light(low, 0.15)) for side in (-1, 1))
    if style == "afro":
        return circ(0, -14, 60, low) + "".join(
            circ(x, y, 20, low) for x, y in ((-48, 12), (48, 12), (-44, -44), (44, -44), (0, -62))
        )
    if style == "curly":
        return "".join(
            circ(x, y, 17, low)
            for x, y in ((-44, -8), (-40, -32), (-20, -48), (4, -52), (26, -46), (42, -28), (45, -6))
        )
    return ""


def front_hair(look: Look, hat: Hat | None) -> str:
    hair, style = look.hair, look.style
    if style == "scarf":
        return _scarf(look)
    if style == "turban":
        wrap = path(
            "M-48 -4C-62 -50 -40 -84 0 -84C40 -84 62 -50 48 -4C34 -28 14 -28 0 -38C-14 -28 -34 -28 -48 -4Z", hair
        )
        folds = path(
            "M-50 -24C-26 -38 -8 -52 0 -82M50 -24C26 -38 8 -52 0 -82M-46 -46C-30 -52 -14 -64 -4 -82M46 -46C30"
            " -52 14 -64 4 -82",
            stroke=dark(hair, 0.18),
            width=3.4,
        )
        return wrap + folds
    if hat and hat[0] in ("swim", "helmet"):
        return ""
    kind = {
        "pony": "parted",
        "pigtails": "parted",
        "braids": "parted",
        "bob": "full",
        "long": "parted",
        "waves": "side",
        "bun": "side",
        "buns": "full",
    }.get(style, style)
    shine = path("M-28 -34Q-14 -46 6 -46", stroke=light(hair, 0.35), width=4, o=0.5)
    if style == "spiky":
        return path(
            "M-45 2L-48 -22L-40 -28L-42 -46L-28 -42L-24 -60L-8 -50L4 -64L14 -50L30 -56L31 -42L44 -42L41"
            " -26L48 -18L45 2C40 -16 32 -24 20 -22L8 -16L-2 -24L-14 -16L-26 -22C-36 -20 -42 -10 -45 2Z",
            hair,
        )
    if style in ("curly", "afro"):
        rows = ((-38, -18), (-26, -32), (-10, -37), (8, -37), (24, -32), (38, -18), (-16, -24), (2, -27), (18, -23))
        return "".join(circ(x, y - 4, 12.5, hair) for x, y in rows)
    return path(_FRINGES[kind], hair) + shine


def _scarf(look: Look) -> str:
    # The cloth frames the face: a ring around it, falling to the shoulders.
    cloth, fold = look.hair, dark(look.hair, 0.14)
    frame = (
        "M-50 -2C-54 -66 54 -66 50 -2C54 24 46 48 30 58L-30 58C-46 48 -54 24 -50 -2ZM-35 0C-34 30 -16 41 0"
        " 41C16 41 34 30 35 0C34 -34 16 -39 0 -39C-16 -39 -34 -34 -35 0Z"
    )
    shape = f'<path d="{frame}" fill="{cloth}" fill-rule="evenodd"/>'
    return shape + path("M-44 14C-38 40 -18 50 6 50M38 24C32 40 22 48 8 52", stroke=fold, width=3)
