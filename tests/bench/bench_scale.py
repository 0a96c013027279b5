"""One city to a province: what grows with a portfolio, each beside a floor or peer measured in the same run; writes `docs/bench.md`.

Run as a script: `python tests/bench/bench_scale.py [--times 1 10 100 1000] [--demo DATA] [--keep FOLDER] [--out docs/bench.md]`. A portfolio is the demo so many
times over with twenty flows for each and five investments for each (`portfolio.py`), published without stored results. Every measure is the
best of some runs in a process of its own, so that its peak memory is its own too.

- progress beside DuckDB's bare reading of the same columns of the same file into memory;
- findings beside the reading of all columns of the tables they need;
- multiples and IRR of every participation beside a loop of pyxirr.xirr over the same unsorted table, beside pandas' group-by-apply of
  the same function, each of which yields the IRR alone, and beside LibreOffice recalculating a workbook with an XIRR formula for each;
- loading a workbook with as many flows beside fastexcel's bare reading of it, and beside openpyxl + pandas;
- publishing a batch of one row without reports beside copying the edition twice with fsync, as publishing must;
- the Overview's rerun (the script, without the browser) beside the demo's.
"""

import argparse
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import itertools

import duckdb
import polars as pl
import pyxirr
from bench_load import tables as book_tables
from plot import svg
from portfolio import SEEDS, demo, parts, write_parts
from storekit import batch

from fundtrack.load import pipeline
from fundtrack.load.template import write_workbook
from fundtrack.metrics.once import Once
from fundtrack.metrics.participations_at import participations_at
from fundtrack.reports.findings import findings_report
from fundtrack.reports.progress import READ, progress_report
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Ledger

AS_OF: Final = date(2017, 9, 30)
FLOWS, DEALS = 20, 5
RULED: Final = (
    "guidance_fund", "participation", "partner_fund", "investor_commitment", "cash_flow", "fund_paid_in", "fund_change", "manager",
    "investment", "fund_report", "reinvestment", "company", "investment_exit", "holding_valuation", "guidance_flow", "valuation",
)  # fmt: skip
"""Tables that the rules read."""
PAIRS: Final = (
    ("progress", "scan", 3.0), ("findings", "scan_all", 10.0), ("returns", "pyxirr", 2.0), ("returns", "pandas", None),
    ("returns", "libreoffice", None), ("publish", "copy", 6.0), ("load", "fastexcel", None), ("load", "openpyxl", None),
    ("overview", "overview_demo", 3.0),
)  # fmt: skip
"""What is measured, beside what, and the ratio that was asked for."""
OURS: Final = tuple(dict.fromkeys(what for what, _, _ in PAIRS))
SHEET: Final = "资金往来"
WORDS: Final = {
    "progress": "Progress",
    "findings": "Findings",
    "returns": "Multiples and IRR",
    "publish": "Publishing, no reports",
    "scan": "bare scan, same columns",
    "scan_all": "bare scan of the tables",
    "pyxirr": "pyxirr loop (IRR alone)",
    "copy": "copy + fsync, twice",
    "pandas": "pandas group-by-apply of pyxirr",
    "libreoffice": "LibreOffice, an XIRR each",
    "load": "Loading a workbook of its flows",
    "overview": "A rerun of the Overview",
    "overview_demo": "the demo's",
    "fastexcel": "fastexcel, bare reading",
    "openpyxl": "openpyxl + pandas, bare reading",
}
LIMITED: Final = {
    "findings": "findings",
    "scan_all": "findings",
    **dict.fromkeys(("overview", "overview_demo"), "pages"),
    **dict.fromkeys(("load", "fastexcel", "openpyxl", "libreoffice"), "books"),
}
"""What is run up to a size of its own."""


def _scan(store: Store, wanted: Mapping[str, Any]) -> int:
    with store.connect() as con:
        return sum(
            con.sql(f"SELECT {', '.join(names)} FROM {table}_log").pl().height
            for table, names in wanted.items()
        )


def _streams(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Signed flows and the last NAV of each participation, unsorted."""
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
    return pl.concat([flows, last])


def _pyxirr(tables: Mapping[str, pl.DataFrame]) -> int:
    """A call for each participation."""
    lists = _streams(tables).group_by("participation_id").agg("day", "value")
    found = 0
    for _, days, values in lists.iter_rows():
        try:
            found += pyxirr.xirr(days, values) is not None
        except pyxirr.InvalidPaymentsError:
            continue
    return found


def _pandas(tables: Mapping[str, pl.DataFrame]) -> int:
    """The same by pandas' group-by-apply."""
    import pandas as pd

    def rate(group: pd.DataFrame) -> float | None:
        try:
            return pyxirr.xirr(group["day"], group["value"])
        except pyxirr.InvalidPaymentsError:
            return None

    frame = pd.DataFrame(_streams(tables).to_dict(as_series=False))
    return int(frame.groupby("participation_id")[["day", "value"]].apply(rate).notna().sum())


def _formulas(tables: Mapping[str, pl.DataFrame], path: Path) -> int:
    """A flat OpenDocument workbook with each participation's flows and an XIRR over them, without any result in it."""
    cells = {
        "day": '<table:table-cell office:value-type="date" office:date-value="{}"/>',
        "value": '<table:table-cell office:value-type="float" office:value="{}"/>',
    }
    rows, first = [], 1
    for _, days, values in _streams(tables).group_by("participation_id").agg("day", "value").iter_rows():
        last = first + len(days) - 1
        for place, (day, value) in enumerate(zip(days, values, strict=True)):
            rate = (
                f'<table:table-cell table:formula="of:=XIRR([.B{first}:.B{last}];[.A{first}:.A{last}])"/>'
                if place == 0
                else ""
            )
            rows.append(
                f"<table:table-row>{cells['day'].format(day)}{cells['value'].format(value)}{rate}</table:table-row>"
            )
        first = last + 1
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?><office:document{spaces} xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3" '
    head += 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet><table:table table:name="flows">'
    path.write_text(
        head + "".join(rows) + "</table:table></office:spreadsheet></office:body></office:document>",
        encoding="utf-8",
    )
    return first - 1


def _libreoffice(folder: Path) -> int:
    """Open the workbook without a window, have it calculate, write what it says as CSV; gives how many rates it found."""
    out = folder / "recalculated"
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/office",
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, str(folder / "xirr.fods")], check=True, capture_output=True)
    lines = (out / "xirr.csv").read_text("utf-8").splitlines()
    return sum(
        bool(line.rpartition(",")[2]) and not line.rpartition(",")[2].startswith(("Err", "#"))
        for line in lines
        if line.count(",") == 2
    )


def _load(folder: Path) -> int:
    with tempfile.TemporaryDirectory(dir=folder) as data:
        made = pipeline.load(Store(Path(data) / "data"), [folder / "flows.xlsx"], by="bench", seeds=SEEDS)
        return 0 if made.outcome != "published" else 1


def _fastexcel(folder: Path) -> int:
    import fastexcel

    return int(fastexcel.read_excel(str(folder / "flows.xlsx")).load_sheet(SHEET).to_polars().height)


def _openpyxl(folder: Path) -> int:
    import pandas as pd

    return len(pd.read_excel(folder / "flows.xlsx", sheet_name=SHEET, engine="openpyxl"))


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


def _overview(store: Store) -> Callable[[int], int]:
    """The Overview run once, so that what it shows is computed; then what each further run does."""
    os.environ["FUNDTRACK_DATA"] = str(store.folders.data)
    from ui_pages import page

    at = page("overview", lang="en")
    at.default_timeout = 1800
    at.run()

    def again(_: int) -> int:
        at.run()
        if at.exception:
            raise SystemExit(at.exception[0].message)
        return len(at.main)

    return again


def measure(what: str, folder: Path, runs: int) -> dict[str, Any]:
    """Seconds of the best of some runs, the result's size and the peak memory of this process."""
    store, seconds, used, found = Store(folder), [], [], 0
    held = store.ledger() if what in ("returns", "pyxirr", "pandas", "libreoffice") else None
    if held is not None:
        for table in ("cash_flow", "valuation", "participation", "fund_report", "partner_fund"):
            held[table]  # read before the clock starts, for both
    if what == "libreoffice":
        _formulas(held or {}, folder / "xirr.fods")
    works: dict[str, Callable[[int], int]] = {
        "scan": lambda _: _scan(store, READ),
        "scan_all": lambda _: _scan(store, dict.fromkeys(RULED, ("*",))),
        "progress": lambda _: progress_report(store.ledger(), AS_OF).targets.height,
        "findings": lambda _: findings_report(store.ledger(), AS_OF).examined,
        "returns": lambda _: participations_at(Once(held or {}), AS_OF).height,
        "pyxirr": lambda _: _pyxirr(held or {}),
        "pandas": lambda _: _pandas(held or {}),
        "libreoffice": lambda _: _libreoffice(folder),
        "load": lambda _: _load(folder),
        "fastexcel": lambda _: _fastexcel(folder),
        "openpyxl": lambda _: _openpyxl(folder),
        **(
            dict.fromkeys(("overview", "overview_demo"), _overview(store))
            if what.startswith("overview")
            else {}
        ),
        "copy": lambda _: _copy(store),
        "publish": lambda place: _publish(store, place),
    }
    for place in range(runs):
        start, busy = perf_counter(), _used()
        found = works[what](place)
        seconds.append(perf_counter() - start)
        used.append(_used() - busy)
    status = Path("/proc/self/status").read_text("ascii")
    peak = (
        int(status.split("VmHWM:")[1].split()[0]) / 1024
    )  # unlike ru_maxrss not inherited from who started this
    if what == "libreoffice":  # a program of its own does the work
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": min(seconds), "used": min(used), "found": found, "peak": peak}


def _used() -> float:
    """Seconds of processors, of this process and of those that it started."""
    started = os.times()
    return process_time() + started.children_user + started.children_system


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


def _held_back(rows: dict[int, dict[str, Any]]) -> list[str]:
    """Say at which size what was not run at the largest one ends."""
    most = max(rows)
    ends = {
        WORDS[what]: max(ran)
        for what in ("findings", "overview")
        if (ran := [times for times, row in rows.items() if what in row]) and max(ran) < most
    }
    return [line for what, at in ends.items() for line in (f"{what}: run up to ×{at:,}.", "")]


def written(rows: dict[int, dict[str, Any]], load: tuple[float, float], command: str) -> str:
    """The page: a table of ratios, one of seconds and memory, the growth per decade."""
    steps = list(rows)
    pairs = list(itertools.pairwise(steps))
    busy = (
        "The machine was busy with other work: read the ratios in brackets, not the seconds, and run it again on a quiet one. "
        if max(load) > 2
        else ""
    )
    sizes = [f"{row['funds']:,} / {row['flows']:,} / {row['deals']:,}" for row in rows.values()]
    out = [
        "# Benchmarks", "",
        f"Made by `{command}`; `make bench` runs this and the others in `tests/bench/`, each of which prints its own.",
        "Ratios against a floor or a peer measured in the same run, by the clock and in brackets by the processors' time, which other work on the",
        "machine moves less; seconds are the best of some runs by the clock, each measure in a process of its own.",
        f"{machine()}. Load of the machine when it began and when it ended: {load[0]:.1f}, {load[1]:.1f}. {busy}".rstrip(), "",
        "A portfolio is the demo so many times over, with twenty flows for each of its flows and five investments for each.",
        "Loading leaves start-up out; the workbook has as many flows as the portfolio. LibreOffice's time is that of opening, calculating and saving.", "",
        *_table("Ratios", ["", "beside", "asked", *(f"×{times:,}" for times in rows)], [
            [WORDS[what], WORDS[peer], "" if asked is None else f"{asked:.0f}",
             *(_shown(row, what, peer) for row in rows.values())] for what, peer, asked in PAIRS
        ]),
        *_table("Seconds and peak memory", ["", *(f"×{times:,}" for times in rows)], [
            ["Partner funds / flows / investments", *sizes],
            *([name, *(f"{row[what]['seconds']:.3f} s, {row[what]['peak']:,.0f} MB" if what in row else "not run" for row in rows.values())]
              for what, name in WORDS.items()),
        ]),
        *_table("Growth", ["exponent", *(f"×{a:,} → ×{b:,}" for a, b in pairs)], [
            [WORDS[what], *(_growth(rows[a], rows[b], what, b / a) for a, b in pairs)] for what in OURS
        ]),
        "1.0 is in proportion, below it the fixed share still shows; 1.1 was asked for at most.", "",
        *_held_back(rows),
        *(f"![{title}]({name})" for name, title in PLOTS.items()),
    ]  # fmt: skip
    return "\n".join(out) + "\n"


def _growth(before: dict[str, Any], after: dict[str, Any], what: str, times: float) -> str:
    """By what power of its size a measure grew, by the clock and by the processors' time."""
    if what not in before or what not in after:
        return "not run"
    clock, busy = (
        math.log(after[what][one] / before[what][one]) / math.log(times) for one in ("seconds", "used")
    )
    return f"{clock:.2f} ({busy:.2f})"


PLOTS: Final = {"bench-seconds.svg": "Seconds by size", "bench-memory.svg": "Peak memory (MB) by size"}
"""The plots beside the page."""


def _table(title: str, heads: list[str], lines: list[list[str]]) -> list[str]:
    texts = [head for head in heads if head in {"", "beside", "exponent"}]
    rule = "|---" * len(texts) + "|--:" * (len(heads) - len(texts)) + "|"
    return [
        f"## {title}",
        "",
        f"| {' | '.join(heads)} |",
        rule,
        *(f"| {' | '.join(line)} |" for line in lines),
        "",
    ]


def _ratio(ours: float, theirs: float) -> str:
    """A ratio to a tenth, a small one to two digits."""
    if theirs <= 0:
        return "–"
    return f"{ours / theirs:.1f}" if ours >= theirs else f"{ours / theirs:.2g}"


def _shown(row: dict[str, Any], what: str, peer: str) -> str:
    """A pair's ratio by the clock, and in brackets by the processors' time."""
    if what not in row or peer not in row:
        return "not run"
    clock, processors = (_ratio(row[what][field], row[peer][field]) for field in ("seconds", "used"))
    return f"{clock} ({processors})"


def drawn(rows: dict[int, dict[str, Any]], folder: Path) -> None:
    """The plots: ours as lines, floors and peers dashed."""
    for (name, title), field in zip(PLOTS.items(), ("seconds", "peak"), strict=True):
        lines = {
            words: [(times, row[what][field]) for times, row in rows.items() if what in row]
            for what, words in WORDS.items()
        }
        peers = [words for what, words in WORDS.items() if what not in OURS]
        (folder / name).write_text(
            svg(title, lines, peers, "times the demo", title.split(" by ", maxsplit=1)[0]), encoding="utf-8"
        )


def _rows(held: Ledger, table: str) -> int:
    return int(held.query(f"SELECT count(*) AS n FROM {table}_log")["n"][0])


def main() -> None:
    """Measure, print and write the page."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    given.add_argument(
        "--findings", type=int, default=1000, help="the largest size at which findings are run"
    )
    given.add_argument("--pages", type=int, default=100, help="the largest size at which pages are run")
    given.add_argument(
        "--books",
        type=int,
        default=10,
        help="the largest size at which workbooks are loaded and recalculated",
    )
    given.add_argument(
        "--keep", type=Path, help="keep the portfolios in this folder, and use those that stand there"
    )
    given.add_argument("--demo", type=Path)
    given.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "docs" / "bench.md")
    given.add_argument("--measure")
    given.add_argument("--folder", type=Path)
    given.add_argument("--runs", type=int, help="runs of each measure (default: 5, from ×100 on 2)")
    asked = given.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.folder, asked.runs or 1)))
        return
    load, rows = os.getloadavg()[0], {}
    with tempfile.TemporaryDirectory() as name:
        folders = asked.keep or Path(name)
        source = asked.demo or folders / "demo"
        if not (source / "fundtrack.duckdb").exists():
            demo(source)
        for times in asked.times:
            folder = folders / f"times{times}"
            if not (folder / "fundtrack.duckdb").exists():
                write_parts(folder, parts(Store(source).ledger(), times, FLOWS, DEALS))
            held = Store(folder).ledger()
            sizes = {
                "funds": _rows(held, "partner_fund"),
                "flows": _rows(held, "cash_flow"),
                "deals": _rows(held, "investment"),
            }
            del held
            limits = {"findings": asked.findings, "pages": asked.pages, "books": asked.books}
            rows[times] = dict(sizes)
            if times <= asked.books:
                cover = {"sender": "示例受托管理机构", "as_of": AS_OF, "unit": "元"}
                write_workbook(
                    folder / "flows.xlsx",
                    cover,
                    book_tables(sizes["flows"], late=False),
                    only_given_columns=True,
                )
            for what in WORDS:
                if times > limits.get(LIMITED.get(what, ""), math.inf) or (
                    what == "libreoffice" and not shutil.which("soffice")
                ):
                    continue
                where = source if what == "overview_demo" else folder
                rows[times][what] = apart(what, where, asked.runs or (2 if times >= 100 else 5))
                print(times, what, rows[times][what], flush=True)
            if not asked.keep:
                shutil.rmtree(folder)
    told = {"times": [1, 10, 100], "findings": 1000, "pages": 100, "books": 10, "runs": None}
    other = {name: getattr(asked, name) for name, usual in told.items() if getattr(asked, name) != usual}
    options = (
        f"--{name} {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in other.items()
    )
    words = " ".join(["python tests/bench/bench_scale.py", *options])
    drawn(rows, asked.out.parent)
    asked.out.write_text(written(rows, (load, os.getloadavg()[0]), words), encoding="utf-8")
    print(asked.out.read_text("utf-8"))


if __name__ == "__main__":
    main()
