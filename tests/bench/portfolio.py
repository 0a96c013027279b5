"""The demo's portfolio many times over, written straight into a ledger: what benches measure growth on.

A copy has everything that hangs on a manager, fund or company of the demo, under ids, names and valid codes of its own; guidance
funds stay the three that they are, with their own money and the four counted targets multiplied. So every sum and count is `times` the demo's,
every ratio and rate is the demo's, and a test says so: whoever measures can see that the large answers are right ones.

Run as a script to make a data folder: `python tests/bench/portfolio.py OUT --times 100`. A thousand times with `--flows 20 --deals 5`
is some 100,000 partner funds, 5 million flows and 2 million investments.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fundtrack.load import pipeline
from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store.batches import COLUMNS_SCHEMA, BatchMeta, DraftBatch, draft_schema
from fundtrack.store.editions import Store

Frames = dict[str, pl.DataFrame]
SEEDS: Final = Path(__file__).parents[2] / "seeds"

IDS: Final = ("manager_id", "partner_fund_id", "participation_id", "company_id", "investment_id")
COPIED: Final = (
    "cover", "manager", "partner_fund", "participation", "cash_flow", "valuation", "fund_paid_in", "investor_commitment", "fund_report",
    "fund_change", "company", "investment", "holding_valuation", "investment_exit", "reinvestment",
)  # fmt: skip
MULTIPLIED: Final = {"guidance_flow": "amount", "guidance_fund": "planned_size", "target": "value"}
"""Amounts of what is not copied."""
COUNTED: Final = ("new_managers", "partner_funds", "fund_scale", "cross_border")
FLOWS: Final = {
    "cash_flow": ("amount", "due_amount", "principal", "income", "cost_basis", "conceded", "unfunded_effect", "cny_paid"),
    "fund_paid_in": ("amount", "due_amount"),
}  # fmt: skip
DEALS: Final = {
    "investment": ("amount", "joint_amount"),
    "holding_valuation": ("cost", "value"),
    "investment_exit": ("cost", "proceeds"),
    "reinvestment": ("claimed", "recognised"),
}
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_BASE36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST: Final = 1000
"""Copies that ids and codes have room for."""


def portfolio(
    tables: Mapping[str, pl.DataFrame],
    times: int,
    flows: int = 1,
    deals: int = 1,
    copies: range | None = None,
) -> Frames:
    """Multiply a ledger's tables.

    Args:
        tables: of the data dictionary, as a ledger holds them.
        times: how many portfolios, the first under the ids that it has; at most 1,000.
        flows: into how many flows on consecutive days each flow is parted.
        deals: into how many investments each investment is parted.
        copies: which of them, by default all; what is not copied goes with the first.

    Returns:
        The rows by table, keyed and in the order of their keys; tables without rows are left out.
    """
    if not 1 <= times <= _MOST:
        raise ValueError(times)
    copies = copies or range(times)
    made = {name: tables[name] for name in TABLES if tables[name].height}
    for name, amounts in FLOWS.items():
        made |= {name: _parted_flows(made[name], amounts, flows)} if name in made else {}
    for name, amounts in DEALS.items():
        made |= {name: _parted_deals(made[name], amounts, deals)} if name in made else {}
    firms = made["manager"]["manager_id"].to_list() if "manager" in made else []
    for name, frame in made.items():
        if name in COPIED:
            made[name] = _copied(frame, copies, firms, name[0].upper())
        elif name in MULTIPLIED:
            made[name] = _multiplied(frame, MULTIPLIED[name], times)
    return {
        name: frame.with_columns(frames.row_key(name)).select(list(frames.schema(name))).sort("row_key")
        for name, frame in made.items()
        if name in COPIED or 0 in copies
    }


def parts(
    tables: Mapping[str, pl.DataFrame], times: int, flows: int = 1, deals: int = 1, each: int = 100
) -> Iterator[Frames]:
    """The same in parts of so many copies, for those whose whole is larger than the memory."""
    for first in range(0, times, each):
        yield portfolio(tables, times, flows, deals, range(first, min(first + each, times)))


def _multiplied(frame: pl.DataFrame, name: str, times: int) -> pl.DataFrame:
    """An amount so many times as large; of targets only those that are counted from the ledger."""
    counted = pl.col("code").is_in(COUNTED) if "code" in frame.columns else pl.lit(value=True)
    kind = frame.schema[name]
    return frame.with_columns(pl.when(counted).then(pl.col(name) * times).otherwise(pl.col(name)).cast(kind))


def _copied(frame: pl.DataFrame, numbers: range, firms: list[str], letter: str) -> pl.DataFrame:
    """A frame so many times, each copy but the first under its own ids, names and codes (the table's letter in them)."""
    codes = {
        name: _codes(frame[name], name, numbers, letter)
        for name in ("uscc", "amac_code", "amac_no")
        if name in frame.columns
    }
    copies = pl.DataFrame({"copy": numbers}, schema={"copy": pl.Int32})
    first, mark = pl.col("copy") == 0, pl.col("copy").cast(pl.String).str.zfill(4)

    def own(value: pl.Expr, made: pl.Expr) -> pl.Expr:
        return pl.when(first | value.is_null()).then(value).otherwise(made)

    marked = [own(pl.col(name), pl.col(name) + "-" + mark) for name in IDS if name in frame.columns]
    named = [
        own(pl.col(name), mark + "-" + pl.col(name))
        for name in ("name", "name_key", "group_name", "sender")
        if name in frame.columns
    ]
    if "after" in frame.columns:  # a change of manager names the managers before and after
        marked += [
            pl.when(~first & pl.col(name).is_in(firms))
            .then(pl.col(name) + "-" + mark)
            .otherwise(pl.col(name))
            .alias(name)
            for name in ("before", "after")
        ]
    out = frame.join(copies, how="cross")
    for name, of in codes.items():
        out = (
            out.join(of, on=[name, "copy"], how="left")
            .with_columns(own(pl.col(name), pl.col("made")).alias(name))
            .drop("made")
        )
    return out.with_columns(*marked, *named).drop("copy")


def _codes(column: pl.Series, kind: str, copies: range, letter: str) -> pl.DataFrame:
    """A valid code for each code and copy: two rows that share a code share it in every copy."""
    known = column.drop_nulls().unique().sort().to_list()
    rows = [
        (code, copy, _code(kind, code, place * _MOST + copy, letter))
        for place, code in enumerate(known)
        for copy in copies
        if copy
    ]
    return pl.DataFrame(rows, schema={kind: pl.String, "copy": pl.Int32, "made": pl.String}, orient="row")


def _code(kind: str, code: str, number: int, letter: str) -> str:
    """A code of the same form with a number of its own; `uscc` with its check digit (GB 32100-2015)."""
    if kind == "amac_no":
        return f"P{3_000_000 + number}"
    if kind == "amac_code":
        digits = []
        for _ in range(5):
            number, digit = divmod(number, 36)
            digits.append(_BASE36[digit])
        return "S" + "".join(reversed(digits))
    body = f"{code[:8]}{letter}{number:08d}"
    if len(code) != 18 or any(letter not in _ALPHABET for letter in body):
        return f"{code}{letter}{number}"
    weighed = sum(weight * _ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS, body, strict=True))
    return body + _ALPHABET[-weighed % 31]


def _part(names: Iterable[str], count: int) -> list[pl.Expr]:
    """Each amount in so many parts to the cent; the first part takes what is left over."""
    made = []
    for name in names:
        cents = (pl.col(name) * 100).cast(pl.Int64)
        share = cents // count
        rest = pl.when(pl.col("part") == 0).then(cents - share * count).otherwise(0)
        made.append(((share + rest).cast(pl.Decimal(22, 2)) / 100).cast(pl.Decimal(18, 2)).alias(name))
    return made


def _parted_flows(frame: pl.DataFrame, amounts: Iterable[str], count: int) -> pl.DataFrame:
    """Each flow as so many, on the day and the days before it."""
    if count == 1:
        return frame
    day = "paid_on" if "paid_on" in frame.columns else "occurred_on"
    parts = pl.DataFrame({"part": range(count)}, schema={"part": pl.Int32})
    line = pl.col("line_no").cast(pl.String).fill_null("") + "." + pl.col("part").cast(pl.String)
    out = frame.join(parts, how="cross").with_columns(
        *_part(amounts, count), line.alias("line_no"), pl.col(day) - pl.duration(days=pl.col("part"))
    )
    return out.with_columns(keyed_on=pl.coalesce("due_on", day)).drop("part")


def _parted_deals(frame: pl.DataFrame, amounts: Iterable[str], count: int) -> pl.DataFrame:
    """Each investment as so many, with their valuations, exits and recognitions."""
    if count == 1:
        return frame
    parts = pl.DataFrame({"part": range(count)}, schema={"part": pl.Int32})
    own = pl.col("investment_id") + "." + pl.col("part").cast(pl.String)
    out = frame.join(parts, how="cross").with_columns(
        *_part(amounts, count),
        pl.when(pl.col("part") == 0).then("investment_id").otherwise(own).alias("investment_id"),
    )
    return out.drop("part")


def draft(tables: Mapping[str, pl.DataFrame], source: bytes = b"portfolio") -> DraftBatch:
    """The tables as one batch, standing in their sheets row by row."""
    puts = {}
    for name, frame in tables.items():
        sheet = TABLES[name].info.zh
        placed = frame.with_columns(
            op=pl.lit("put"), sheet=pl.lit(sheet), row_number=pl.int_range(3, pl.len() + 3, dtype=pl.Int64)
        )
        schema: dict[str, Any] = dict(draft_schema(name))
        puts[name] = placed.select(pl.col(one).cast(kind) for one, kind in schema.items())
    meta = BatchMeta(
        file_name="portfolio.xlsx", file_sha256=hashlib.sha256(source).hexdigest(), sender="示例", kind="load", loaded_by="bench",
        loaded_at=datetime(2017, 10, 9, 4, 0, tzinfo=UTC), program_version="bench", cover={"sender": "示例"},
    )  # fmt: skip
    return DraftBatch(meta, puts, pl.DataFrame(schema=COLUMNS_SCHEMA), source)


def write(folder: Path, tables: Mapping[str, pl.DataFrame]) -> Store:
    """Publish the tables as the first edition of a data folder, without the stored results."""
    return write_parts(folder, [tables])


def write_parts(folder: Path, made: Iterable[Mapping[str, pl.DataFrame]]) -> Store:
    """The same of parts, each the batch of an edition; only the last edition is kept."""
    store = Store(folder)
    with store.lock("bench"):
        for place, tables in enumerate(made):
            last = store.newest()
            store.publish([draft(tables, f"portfolio {place}".encode())])
            if last:
                store.edition_path(last).unlink()
    return store


def demo(folder: Path) -> Store:
    """The demo, loaded as a person would."""
    files = sorted(path for path in (SEEDS / "demo").rglob("*.xlsx"))
    store = Store(folder)
    pipeline.load(store, files, by="bench", seeds=SEEDS)
    return store


def main() -> None:
    """Make a data folder."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("out", type=Path)
    given.add_argument("--times", type=int, default=100)
    given.add_argument("--flows", type=int, default=1)
    given.add_argument("--deals", type=int, default=1)
    given.add_argument(
        "--demo", type=Path, help="a data folder with the demo; default: loaded beside the other"
    )
    asked = given.parse_args()
    source = Store(asked.demo) if asked.demo else demo(asked.out.with_name(asked.out.name + "-demo"))
    begun = perf_counter()
    tables = portfolio(source.ledger(), asked.times, asked.flows, asked.deals)
    made = perf_counter()
    write(asked.out, tables)
    print(
        f"{sum(frame.height for frame in tables.values()):,} rows made in {made - begun:.1f} s, written in {perf_counter() - made:.1f} s"
    )
    print({name: f"{frame.height:,}" for name, frame in tables.items()})


if __name__ == "__main__":
    main()
