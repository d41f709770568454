"""Stories for measuring: 20 in the first class with three photos each, and 1,000 in other classes."""

from __future__ import annotations

from benchmarks.big import Big
from portal import clock
from portal.db import atomic, db
from portal.kinds import new_id

TEXT = (
    "This week we measured everything that grows on the windowsill. The beans are ahead, the cress was eaten on"
    " Wednesday, and the sunflowers now have names. Please send empty jars on Monday if you have some.\n\n"
    "On Thursday we walked to the river. It was cold and nobody minded."
)


@atomic
async def tell(big: Big) -> None:
    """Writes the stories and their photos as they stand after posting."""
    readers = [child for child in big.children[:: len(big.groups)] if child % 10 != 3]
    for n in range(1_020):
        group = big.groups[0] if n >= 1_000 else big.groups[1 + n % (len(big.groups) - 1)]
        at = clock.now() - (1_020 - n) * clock.HOUR
        story = new_id()
        await db.run(
            "INSERT INTO stories_story (id, author, title, body, audience, groups, state, published_at, created_at,"
            " token, version, writer) VALUES (?, ?, ?, ?, 'groups', ?, 'published', ?, ?, ?, 1, 0)",
            *(story, big.teacher, f"What we did in week {n}", TEXT, str(group), at, at, f"bench{n}"),
        )
        await db.run(
            "INSERT INTO stories_stream (id, stream, at, story) VALUES (?, ?, ?, ?)", new_id(), group, at, story
        )
        for position in range(3 if group == big.groups[0] else 0):
            photo, children = new_id(), [readers[(n + k) % len(readers)] for k in range(position + 1)]
            await db.run(
                "INSERT INTO photo (id, uploader, purpose, audience, groups, children, state, reviewed, redacted,"
                " owner, alt, width, height, created_at) VALUES (?, ?, 'photo', 'groups', ?, ?, 'published', TRUE,"
                " FALSE, 'stories', 'Three children look at a bean plant', 1600, 1200, 0)",
                *(photo, big.teacher, str(group), ",".join(map(str, children))),
            )
            await db.run_many(
                "INSERT INTO photo_stream (id, stream, photo) VALUES (?, ?, ?)",
                [(new_id(), stream, photo) for stream in (group, *children)],
            )
            await db.run(
                "INSERT INTO stories_photo (id, story, photo, position, once, tab, removed)"
                " VALUES (?, ?, ?, ?, ?, 0, FALSE)",
                *(new_id(), story, photo, position, f"bench{photo}"),
            )
