"""A city's newest edition put into a lake: all its files first, then table by table, `push` last.

Whatever a killed push leaves, `push` still names the versions of the earlier one, and readers follow it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from fundtrack import __version__
from fundtrack.errors import InputError, IntegrityError
from fundtrack.lake.delta import ConflictError, Lake
from fundtrack.lake.layout import CONTENT, LAYOUT, PARTITION, PUSH, columns
from fundtrack.lake.standing import pushes
from fundtrack.metrics import funds_at, participations_at
from fundtrack.metrics.once import Once
from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE, progress
from fundtrack.model.rows import TABLES
from fundtrack.store.ledger import Ledger
from fundtrack.store.masking import Masking


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    Attributes:
        outcome: `pushed`; `unchanged`, where the lake holds this edition already.
        jurisdiction: the city.
        name: its name.
        edition: the edition.
        edition_hash: the head hash of its chain.
        rows: how many of each table.
    """

    outcome: str
    jurisdiction: str
    name: str
    edition: int
    edition_hash: str
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Show it as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def push(
    ledger: Ledger,
    lake: Lake,
    jurisdiction: str,
    name: str | None = None,
    bands: tuple[float, float] = (float(BAND_EARLY), float(BAND_LATE)),
    *,
    replace: bool = False,
) -> Pushed:
    """Put the newest edition into a lake, in place of what the city pushed before.

    Args:
        ledger: the newest edition, held open.
        lake: where to.
        jurisdiction: the city's code.
        name: what the city is called; where None, what 区划 calls the code.
        bands: how far behind pace is still `behind`.
        replace: also where the lake holds this edition, or another chain's.

    Raises:
        InputError: `lake_other_chain`, where the lake holds an edition that this data folder does not know.
        IntegrityError: `lake_newer`, `lake_schema`.
        BusyError: `lake_busy`, `lake_not_writable`.
    """
    editions = ledger.editions()
    mine = dict(editions.select("head_hash", "edition").iter_rows())
    edition, head = editions.select("edition", "head_hash").row(-1)
    called = name or _called(ledger, jurisdiction)
    known = _checked(lake, jurisdiction, mine, replace=replace)
    if known is not None and known["edition_hash"][0] == head and not replace:
        rows = dict(known.select("table_name", "rows").iter_rows())
        return Pushed("unchanged", jurisdiction, known["name"][0], edition, head, rows)
    stamp = {PARTITION: jurisdiction, "edition": edition, "edition_hash": head}
    says = {"fundtrack": __version__, **{key: str(value) for key, value in stamp.items()}}
    opened = {table: lake.ensure(table) for table in (*CONTENT, PUSH)}
    staged = {
        table: lake.stage(table, jurisdiction, _stamped(table, frame, stamp))
        for table, frame in content(ledger, bands)
    }
    versions = {
        table: lake.commit(table, jurisdiction, one, says, opened[table]) for table, one in staged.items()
    }
    listed = pl.DataFrame(
        [{"table_name": table, "version": versions[table], "rows": one.rows} for table, one in staged.items()]
    ).with_columns(
        name=pl.lit(called), as_of=pl.lit(ledger.default_as_of, dtype=pl.Date), layout=pl.lit(LAYOUT, dtype=pl.Int32),
        program_version=pl.lit(__version__), pushed_at=pl.lit(datetime.now(UTC)),
    )  # fmt: skip
    done = lake.stage(PUSH, jurisdiction, _stamped(PUSH, listed, stamp))

    def concluded() -> None:
        standing = lake.open(PUSH)
        if standing is None:
            raise ConflictError(PUSH)
        _checked(lake, jurisdiction, mine, replace=replace)
        lake.replaced(PUSH, standing, jurisdiction, done, says)

    lake.patiently(concluded)
    return Pushed(
        "pushed", jurisdiction, called, edition, head, {table: one.rows for table, one in staged.items()}
    )


def content(ledger: Ledger, bands: tuple[float, float]) -> Iterator[tuple[str, pl.DataFrame]]:
    """What an edition gives to a lake, table by table, with the columns of CONTENT, masked as exports are."""
    masks = Masking.of(ledger)
    for table in TABLES:
        yield table, _fitted(table, masks.applied(table, ledger.placed(table)))
    batches = masks.applied("batch", ledger.batches()).rename({"edition": "batch_edition"})
    yield "batch", _fitted("batch", batches.with_columns(pl.col("loaded_at").dt.replace_time_zone("UTC")))
    as_of, tables = ledger.default_as_of, Once(ledger)
    if as_of is not None:
        early, late = bands
        yield "progress", progress(tables, as_of, band_early=early, band_late=late)
        yield "partner_fund_summary", funds_at.funds_at(tables, as_of)
        stakes = participations_at.participations_at(tables, as_of)
        yield "participation_summary", _fitted("participation_summary", stakes)
    for table in ("fund_metric", "finding", "finding_evidence", "finding_seen"):
        yield table, _fitted(table, masks.applied(table, ledger.result(table)))


def _checked(lake: Lake, jurisdiction: str, mine: dict[str, int], *, replace: bool) -> pl.DataFrame | None:
    """What the lake holds of a city, where we may put ours in its place."""
    known = pushes(lake).filter(pl.col(PARTITION) == jurisdiction)
    if known.is_empty():
        return None
    edition, head = known.select("edition", "edition_hash").row(0)
    if head not in mine and not replace:
        raise InputError("lake_other_chain", jurisdiction=jurisdiction, edition=edition, head=head[:16])
    return known


def _called(ledger: Ledger, jurisdiction: str) -> str:
    named = ledger["district"].filter(pl.col("code") == jurisdiction).sort("valid_from", nulls_last=False)
    return str(named["name"][-1]) if named.height else jurisdiction


def _stamped(table: str, frame: pl.DataFrame, stamp: dict[str, Any]) -> pl.DataFrame:
    dtypes = columns(table)
    return frame.with_columns(pl.lit(value, dtype=dtypes[name]).alias(name) for name, value in stamp.items())


def _fitted(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Just the columns of a table; those withheld, or not known to an older edition, are null.

    Raises:
        IntegrityError: `lake_schema`, where a value does not fit its column.
    """
    if not frame.width:
        return pl.DataFrame(schema=CONTENT[table])
    try:
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in CONTENT[table].items()
        )
    except pl.exceptions.PolarsError as error:
        raise IntegrityError("lake_schema", table=table, column=str(error).split("\n")[0]) from error
