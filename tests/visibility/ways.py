"""Asks the portal what the naive reading is asked, and finds the worlds on which they differ."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from portal.replay import WAYS, Difference, Replay
from portal.visibility.world import parse

from . import naive
from .worlds import shrink

__all__ = ["WAYS", "Disagreement", "Way", "differences"]

Json = dict[str, Any]


class Way:
    """One way of asking the portal, kept open for many worlds, on a PostgreSQL server if one is named."""

    def __init__(self, through: str, desk: bool, database: str | None = None) -> None:
        self.through, self.desk, self.database = through, desk, database

    def __enter__(self) -> "Way":
        self.runner = asyncio.Runner()
        self.replay = Replay(self.through, self.desk, self.database)
        self.runner.run(self.replay.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runner.run(self.replay.__aexit__(kind, failure, trace))
        self.runner.close()

    def answers(self, world: Json) -> list[Json]:
        """What the portal shows; where its listing and its bytes differ, one row that says so."""
        read = parse(json.dumps(world).encode(), "world.json")
        try:
            rows = self.runner.run(self.replay.rows(read))
        except Difference as difference:
            return [{"difference": str(difference)}]
        return [{key: row[key] for key in ("viewer", "photo", "show")} for row in rows]

    def differs(self, world: Json) -> bool:
        return self.answers(world) != naive.replay(world, self.desk)


@dataclass(frozen=True)
class Disagreement:
    """A world that one way of asking the portal and the naive reading answer differently."""

    world: Json
    through: str
    desk: bool
    portal: list[Json]
    naive: list[Json]

    def __str__(self) -> str:
        rows = [f"  portal {row}" for row in self.portal if row not in self.naive]
        rows += [f"  naive  {row}" for row in self.naive if row not in self.portal]
        desk = " --desk" if self.desk else ""
        return "\n".join([f"--through {self.through}{desk} differs:", *rows, json.dumps(self.world)])


def differences(way: Way, worlds: Iterable[Json]) -> Iterator[Disagreement]:
    """Each of `worlds` on which this way differs, made as small as it gets."""
    for world in worlds:
        if way.differs(world):
            small = shrink(world, way.differs)
            yield Disagreement(small, way.through, way.desk, way.answers(small), naive.replay(small, way.desk))
