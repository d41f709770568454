"""Replays many random worlds through the portal and through the naive reading, and shows where they differ.

    .venv/bin/python benchmarks/worlds.py --worlds 20000
    .venv/bin/python benchmarks/worlds.py --worlds 500 --through http --database postgresql://…

Exit status 1 if any world is read in two ways; each is shown as small as it gets.
"""

import argparse
import random
import sys
import time
from itertools import chain, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from visibility.cases import CASES
from visibility.ways import WAYS, Way, differences
from visibility.worlds import random_world


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--worlds", type=int, default=1000, help="how many random worlds")
    options.add_argument("--seed", type=int, default=0, help="the first one's seed; the next ones count on")
    options.add_argument("--size", type=int, default=3, help="about how many people, groups and photos a world has")
    options.add_argument("--through", nargs="+", choices=WAYS, default=["list"])
    options.add_argument("--database", help="a database other than a new SQLite file each time")
    options.add_argument("--stop", type=int, default=5, help="stop each way after so many differences")
    chosen = options.parse_args()

    ways = [(through, desk) for through in chosen.through for desk in (False, True)]
    seeds = range(chosen.seed, chosen.seed + chosen.worlds)
    started = time.monotonic()
    found = 0
    for through, desk in ways:
        worlds = chain(
            (case.world for case in CASES), (random_world(random.Random(seed), chosen.size) for seed in seeds)
        )
        with Way(through, desk, chosen.database) as way:
            for each in islice(differences(way, worlds), chosen.stop):
                found += 1
                print(each, flush=True)
    seconds = time.monotonic() - started
    print(
        f"{len(CASES)} hand-written and {chosen.worlds} random worlds, {len(ways)} ways each, {seconds:.0f} s:", end=" "
    )
    print(f"{found} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
