"""One city to a province: what grows with a portfolio, each beside a floor or peer measured in the same run; writes `docs/bench.md`.

Run as a script: `python tests/bench/bench_scale.py [--times 1 10 100 1000] [--demo DATA] [--out docs/bench.md]`. A portfolio is the demo so many
times over with twenty flows for each and five investments for each (`portfolio.py`), published without stored results. Every measure is the
best of some runs in a process of its own, so that its peak memory is its own too.

- progress beside DuckDB's bare reading of the same columns of the same file into memory;
- findings beside the reading of all columns of the tables they need;
- multiples and IRR of every participation beside a loop of pyxirr.xirr over the same unsorted table, which yields the IRR alone;
- publishing a batch of one row without reports beside copying the edition twice with fsync, as publishing must.
"""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import itertools

import duckdb
import polars as pl
import pyxirr
from portfolio import demo, portfolio, write
from storekit import batch

from fundtrack.metrics.once import Once
from fundtrack.metrics.participations_at import participations_at
from fundtrack.reports.findings import findings_report
from fundtrack.reports.progress import READ, progress_report
from fundtrack.store.editions import Store

AS_OF: Final = date(2017, 9, 30)
FLOWS, DEALS = 20, 5
RULED: Final = (
    "guidance_fund", "participation", "partner_fund", "investor_commitment", "cash_flow", "fund_paid_in", "fund_change", "manager",
    "investment", "fund_report", "reinvestment", "company", "investment_exit", "holding_valuation", "guidance_flow", "valuation",
)  # fmt: skip
"""Tables that the rules read."""
PAIRS: Final = {
    "progress": ("scan", 3.0),
    "findings": ("scan_all", 10.0),
    "returns": ("pyxirr", 2.0),
    "publish": ("copy", 6.0),
}
"""What is measured, beside what, and the ratio that was asked for."""
WORDS: Final = {
    "progress": "Progress",
    "findings": "Findings",
    "returns": "Multiples and IRR",
    "publish": "Publishing, no reports",
    "scan": "bare scan, same columns",
    "scan_all": "bare scan of the tables",
    "pyxirr": "pyxirr loop (IRR alone)",
    "copy": "copy + fsync, twice",
}


def _scan(store: Store, wanted: Mapping[str, Any]) -> int:
    with store.connect() as con:
        return sum(
            con.sql(f"SELECT {', '.join(names)} FROM {table}_log").pl().height
            for table, names in wanted.items()
        )


def _pyxirr(tables: Mapping[str, pl.DataFrame]) -> int:
    """Signed flows and the last NAV of each participation, then a call each."""
    received = pl.col("kind").is_in(("distribution", "recallable", "exit_proceeds"))
    amount = pl.col("amount").cast(pl.Float64)
    flows = tables["cash_flow"].filter((pl.col("occurred_on") <= AS_OF) & pl.col("amount").is_not_null())
    flows = flows.select(
        "participation_id", day="occurred_on", value=pl.when(received).then(amount).otherwise(-amount)
    )
    navs = (
        tables["valuation"]
        .filter(pl.col("valued_on") <= AS_OF)
        .sort("valued_on")
        .group_by("participation_id")
        .last()
    )
    last = navs.select("participation_id", day=pl.lit(AS_OF), value=pl.col("nav").cast(pl.Float64))
    lists = pl.concat([flows, last]).group_by("participation_id").agg("day", "value")
    found = 0
    for _, days, values in lists.iter_rows():
        try:
            found += pyxirr.xirr(days, values) is not None
        except pyxirr.InvalidPaymentsError:
            continue
    return found


def _copy(store: Store) -> int:
    path = store.edition_path(store.newest() or 0)
    for name in ("one", "two"):
        out = path.with_name(f"copy-{name}")
        shutil.copyfile(path, out)
        with out.open("rb+") as file:
            os.fsync(file.fileno())
        out.unlink()
    return path.stat().st_size


def _publish(store: Store, number: int) -> int:
    row = {"manager_id": f"VC-{number}", "name": f"示例{number}", "name_key": f"示例{number}"}
    with store.lock("bench"):
        return store.publish([batch({"manager": [row]}, f"{number}".encode())]).edition


def measure(what: str, folder: Path, runs: int) -> dict[str, Any]:
    """Seconds of the best of some runs, the result's size and the peak memory of this process."""
    store, seconds, found = Store(folder), [], 0
    held = store.ledger() if what in ("returns", "pyxirr") else None
    if held is not None:
        for table in ("cash_flow", "valuation", "participation", "fund_report", "partner_fund"):
            held[table]  # read before the clock starts, for both
    works: dict[str, Callable[[int], int]] = {
        "scan": lambda _: _scan(store, READ),
        "scan_all": lambda _: _scan(store, dict.fromkeys(RULED, ("*",))),
        "progress": lambda _: progress_report(store.ledger(), AS_OF).targets.height,
        "findings": lambda _: findings_report(store.ledger(), AS_OF).rows.height,
        "returns": lambda _: participations_at(Once(held or {}), AS_OF).height,
        "pyxirr": lambda _: _pyxirr(held or {}),
        "copy": lambda _: _copy(store),
        "publish": lambda place: _publish(store, place),
    }
    for place in range(runs):
        start = perf_counter()
        found = works[what](place)
        seconds.append(perf_counter() - start)
    status = Path("/proc/self/status").read_text("ascii")
    peak = (
        int(status.split("VmHWM:")[1].split()[0]) / 1024
    )  # unlike ru_maxrss not inherited from who started this
    return {"seconds": min(seconds), "found": found, "peak": peak}


def apart(what: str, folder: Path, runs: int) -> dict[str, Any]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", what, "--folder", str(folder), "--runs", str(runs)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{what}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, Polars {pl.__version__}, {datetime.now(tz=UTC):%Y-%m-%d}"
    )


def written(rows: dict[int, dict[str, Any]], load: float) -> str:
    """The page: a table of ratios, one of seconds and memory, the growth per decade."""
    out = [
        "# Benchmarks",
        "",
        "Made by `python tests/bench/bench_scale.py`; `make bench` runs this and the others in `tests/bench/`, each of which prints its own.",
        "Ratios against a floor or a peer measured in the same run; seconds are the best of some runs.",
        f"{machine()}. Load of the machine when it began: {load:.1f}.",
        "",
        "A portfolio is the demo so many times over, with twenty flows for each of its flows and five investments for each.",
        "",
        "## Ratios",
        "",
        "| | beside | asked | " + " | ".join(f"×{times:,}" for times in rows) + " |",
        "|---|---|--:|" + "--:|" * len(rows),
    ]
    for what, (peer, asked) in PAIRS.items():
        cells = [
            f"{row[what]['seconds'] / row[peer]['seconds']:.1f}" if what in row else "not run"
            for row in rows.values()
        ]
        out.append(f"| {WORDS[what]} | {WORDS[peer]} | {asked:.0f} | " + " | ".join(cells) + " |")
    out += [
        "",
        "## Seconds and peak memory",
        "",
        "| | " + " | ".join(f"×{times:,}" for times in rows) + " |",
        "|---|" + "--:|" * len(rows),
    ]
    sizes = [f"{row['funds']:,} / {row['flows']:,} / {row['deals']:,}" for row in rows.values()]
    out.append("| Partner funds / flows / investments | " + " | ".join(sizes) + " |")
    for what in WORDS:
        cells = [
            f"{row[what]['seconds']:.3f} s, {row[what]['peak']:,.0f} MB" if what in row else "not run"
            for row in rows.values()
        ]
        out.append(f"| {WORDS[what]} | " + " | ".join(cells) + " |")
    steps = list(rows)
    out += [
        "",
        "## Growth",
        "",
        "The exponent from one size to the next: 1.0 is in proportion, below it the fixed share still shows.",
        "",
    ]
    out += [
        "| | " + " | ".join(f"×{a:,} → ×{b:,}" for a, b in itertools.pairwise(steps)) + " |",
        "|---|" + "--:|" * (len(steps) - 1),
    ]
    for what in PAIRS:
        cells = [
            f"{math.log(rows[b][what]['seconds'] / rows[a][what]['seconds']) / math.log(b / a):.2f}"
            if what in rows[a] and what in rows[b]
            else "not run"
            for a, b in itertools.pairwise(steps)
        ]
        out.append(f"| {WORDS[what]} | " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


def main() -> None:
    """Measure, print and write the page."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    given.add_argument("--findings", type=int, default=100, help="the largest size at which findings are run")
    given.add_argument("--demo", type=Path)
    given.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "docs" / "bench.md")
    given.add_argument("--measure")
    given.add_argument("--folder", type=Path)
    given.add_argument("--runs", type=int, default=3)
    asked = given.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.folder, asked.runs)))
        return
    load, rows = os.getloadavg()[0], {}
    with tempfile.TemporaryDirectory() as name:
        source = Store(asked.demo) if asked.demo else demo(Path(name) / "demo")
        for times in asked.times:
            folder = Path(name) / f"times{times}"
            tables = portfolio(source.ledger(), times, FLOWS, DEALS)
            rows[times] = {
                "funds": tables["partner_fund"].height, "flows": tables["cash_flow"].height, "deals": tables["investment"].height,
            }  # fmt: skip
            write(folder, tables)
            del tables
            for what in WORDS:
                if what.startswith(("findings", "scan_all")) and times > asked.findings:
                    continue
                rows[times][what] = apart(what, folder, 2 if times >= 100 else 5)
                print(times, what, rows[times][what], flush=True)
            shutil.rmtree(folder)
    asked.out.write_text(written(rows, load), encoding="utf-8")
    print(asked.out.read_text("utf-8"))


if __name__ == "__main__":
    main()
