"""10,000 paths for all targets beside one pass over the pipeline in numpy.

Run as a script: `python tests/bench/bench_forecast.py`. The floor is the least that any simulation of the pipeline must do: for
each of 10,000 paths and each waiting case one uniform number, one comparison with its chance, and the sum. Ours draws on top of
that the houses, the sizes, the new cases and their sizes, and looks for the ranges of three targets. Shown apart: the paths alone, and the whole forecast with the laws estimated from the history, which costs the same
however many paths follow. Both are measured in the same run, the best of several.
"""

import sys
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from forecast_law import World

from fundtrack.metrics.forecast import simulate as module
from fundtrack.metrics.forecast.cases import number
from fundtrack.metrics.forecast.targets import quantiles

PATHS = 10_000
DAY, DUE = number(date(2017, 9, 30)), number(date(2017, 12, 31))
STILL = module.Movements(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def best(work, times=7):
    """Seconds of the fastest of several runs, after one to warm up."""
    work()
    seconds = []
    for _ in range(times):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def one_pass(waiting):
    """The floor."""
    rng = np.random.default_rng(1)
    chances = rng.random(waiting)
    return (rng.random((PATHS, waiting)) < chances).sum(axis=1)


def whole(seen):
    """Laws, paths, and the ranges of three targets."""
    drawn = module.simulate(seen, STILL, DAY, DUE, seed=1, paths=PATHS, steps=1)
    return [quantiles(gains[:, -1], (0.1, 0.5, 0.9)) for gains in (drawn.funds, drawn.scale, drawn.houses)]


if __name__ == "__main__":
    for scale in (1, 4, 16):
        rng = np.random.default_rng(3)
        world = World(rng)
        rows = [dict(row) for row in world.rows]
        for copy in range(1, scale):
            rows += [row | {"name": f"{row['name']}x{copy}", "entity": f"{row['entity']}x{copy}", "house": f"{row['house']}x{copy}"}
                     for row in world.rows]  # fmt: skip
        world.rows = rows
        seen = world.cases().by(DAY)
        laws = module.prepare(seen, DAY, DUE, seed=1)
        waiting = len(laws.queue)
        floor = best(lambda waiting=waiting: one_pass(waiting))
        paths = best(lambda laws=laws: module.draw(laws.last(), STILL, seed=1, paths=PATHS))
        all_of_it = best(lambda seen=seen: whole(seen))
        print(f"{len(seen)} cases, {waiting} of them waiting; {PATHS:,} paths")
        print(f"  one pass over the pipeline     {floor * 1e3:8.2f} ms")
        print(f"  the paths of all targets       {paths * 1e3:8.2f} ms   {paths / floor:6.1f} x")
        print(f"  with laws, history and ranges  {all_of_it * 1e3:8.2f} ms   {all_of_it / floor:6.1f} x")
