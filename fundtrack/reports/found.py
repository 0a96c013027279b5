"""What the rules say of a ledger, named and dated: all at once, or of a large one group by group of its partner funds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.once import Once
from fundtrack.metrics.rules.every import findings
from fundtrack.metrics.rules.finding import CLEARED, EVIDENCE, FINDING, ID_DIGITS, Findings, split_ids
from fundtrack.metrics.rules.grouped import ACROSS, PARTED, in_groups
from fundtrack.metrics.rules.reviews import acted, undone
from fundtrack.metrics.rules.stake import public_shares
from fundtrack.metrics.rules.stored import with_seen
from fundtrack.metrics.rules.subjects import stakes
from fundtrack.model import frames
from fundtrack.reports.few import asked_at_once, without
from fundtrack.store.ledger import Ledger

UNREAD: Final[dict[str, tuple[str, ...]]] = {
    "cash_flow": ("due_on_precision", "occurred_on_precision", "buyer", "conceded", "cny_paid", "voucher_no", "note"),
    "fund_paid_in": ("due_on_precision", "paid_on_precision", "voucher_no", "note", "keyed_on"),
    "holding_valuation": ("valued_on_precision", "method", "stake", "voucher_no", "note"),
    "investment_exit": ("exited_on_precision", "voucher_no", "note"),
    "reinvestment": ("recognised_on_precision", "voucher_no", "note"),
}  # fmt: skip
"""Columns of the largest tables of which no rule speaks."""
AT_ONCE: Final = 1_000_000
"""So many rows that hang on partner funds are looked at together: a gigabyte or two; beyond, by groups."""
_EACH_RULE: Final = 16**ID_DIGITS
_NAMED: Final = {"company": "company_id", "manager": "manager_id", "guidance_fund": "guidance_fund_id"}


class Found(NamedTuple):
    """What the rules say.

    Attributes:
        rows: every subject examined, of a large ledger those not clear, with the columns of FINDING, and `name`, `fund` (names), `open` (to be decided).
        evidence: the rows behind, with the columns of EVIDENCE.
        actions: every action, with the finding it is about.
        guidance: partner_fund_id, currency, paid: guidance money paid into each fund.
        public: what stands beside OVER_CAP, by fund.
        cleared: how many that are clear are not among `rows`, with the columns of CLEARED.
    """

    rows: pl.DataFrame
    evidence: pl.DataFrame
    actions: pl.DataFrame
    guidance: pl.DataFrame
    public: pl.DataFrame
    cleared: pl.DataFrame


def found_nothing() -> Found:
    """What is found before anything has been loaded."""
    extra = {"name": pl.String(), "fund": pl.String(), "open": pl.Boolean()}
    paid = {"partner_fund_id": pl.String(), "currency": pl.String(), "paid": pl.Decimal(18, 2)}
    nobody = pl.DataFrame(schema={"finding_id": pl.String()})
    none = pl.DataFrame(schema=FINDING | extra)
    return Found(none, pl.DataFrame(schema=EVIDENCE), nobody, pl.DataFrame(schema=paid), nobody, pl.DataFrame(schema=CLEARED))  # fmt: skip


def found_in(ledger: Ledger, as_of: date, at_once: int = AT_ONCE) -> Found:
    """Find everything on a day.

    Args:
        ledger: what is known.
        as_of: the day.
        at_once: how many rows of partner funds are looked at together.
    """
    tables = Once(without(ledger, UNREAD))
    with asked_at_once(ledger):
        rows = sum(ledger.rows(table) for table in PARTED) if isinstance(ledger, Ledger) else 0
        seen = ledger.findings_seen()
        if rows <= at_once:
            return _of(tables, findings(tables, as_of), as_of, seen)
        most = max(1, tables["partner_fund"].height * at_once // rows)
    return _together(_parted(ledger, tables, as_of, seen, most))


def _parted(ledger: Ledger, tables: Once, as_of: date, seen: pl.DataFrame, most: int) -> Iterator[Found]:
    """Find it group by group."""

    def read(table: str, _: str, among: pl.Series) -> pl.DataFrame:
        unread = UNREAD.get(table, ())
        return ledger.part(table, [name for name in frames.schema(table) if name not in unread], among)

    found = in_groups(tables, lambda: ledger.only(ACROSS), read, as_of, most)
    while True:
        with asked_at_once(ledger):  # by a connection for each: what it holds of the file goes with it
            group = next(found, None)
            if group is None:
                return
            part = _of(group.tables, group.found, as_of, seen, of_funds=group.tables is not tables)
            del group  # before the next is read
            yield Found(*map(_own_texts, part))


def _of(
    tables: Once,
    found: Findings,
    as_of: date,
    seen: pl.DataFrame,
    *,
    of_funds: bool = True,
) -> Found:
    """Name and date what was found; `of_funds` with what stands beside it of each fund."""
    dated = with_seen(found.findings, seen)
    named = _named(tables, dated).with_columns(open=pl.col("status").is_in(("suspected", "hint")) & undone())
    none = found_nothing()
    guidance, public = none.guidance, none.public
    if of_funds:
        paid = stakes(tables, as_of).group_by("partner_fund_id", "currency").agg(paid=added(pl.col("paid")))
        guidance, public = paid.sort("partner_fund_id", "currency"), public_shares(tables, as_of)
    return Found(named, found.evidence, acted(tables, found.findings, as_of), guidance, public, found.cleared)


def _own_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with texts of its own: few rows would else keep in memory the texts of all that was read with them."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(pl.concat_str(pl.lit(""), name).alias(name) for name in texts)


def _together(parts: Iterable[Found]) -> Found:
    """Lay what was found in groups together, in the order in which it is found at once."""
    order: Mapping[str, Sequence[str]] = {
        "rows": ("rule_id", "entity_table", "entity", "occurrence"),
        "evidence": ("finding_id", "ordinal"),
        "actions": ("finding_id", "acted_on", "direct"),
        "guidance": ("partner_fund_id", "currency"),
        "public": ("partner_fund_id",),
        "cleared": ("rule_id", "partner_fund_id"),
    }
    laid: dict[str, list[pl.DataFrame]] = {name: [] for name in order}
    for part in parts:
        for name, below in laid.items():
            frame = getattr(part, name)
            if below and below[-1].is_empty():
                below.pop()  # what has no rows may lack columns
            if frame.height or not below:
                below.append(frame)
    whole: dict[str, Any] = {}
    for name, by in order.items():  # the parts of one go before the next is put in order
        whole[name] = _in_order(pl.concat(laid.pop(name)), by)
    return Found(**whole)


def _in_order(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The same rows in the order of some columns, as they stand where these are alike.

    The frame given is emptied column by column: no more than one of them is ever there twice.
    """
    keys = pl.DataFrame([_comparable(frame[name]) for name in by])
    places = keys.select(pl.arg_sort_by(keys.columns, maintain_order=True)).to_series()
    return pl.DataFrame([frame.drop_in_place(name).rechunk().gather(places) for name in frame.columns])


def _comparable(column: pl.Series) -> pl.Series:
    """What is in the same order and compared faster: numbers in place of the names of rules and tables, and of what findings are called."""
    if column.name == "finding_id":
        rule, digits = split_ids(column)
        return (_ranks(rule) * _EACH_RULE + digits).alias(column.name)
    return _ranks(column) if column.name in {"rule_id", "entity_table"} else column


def _ranks(names: pl.Series) -> pl.Series:
    """The place of each of a few names among them, in order."""
    few = names.unique().sort()
    if few.is_empty():
        return pl.Series(names.name, dtype=pl.Int64)  # of no names Polars would make no numbers
    return names.replace_strict(few, pl.int_range(len(few), eager=True), return_dtype=pl.Int64)


def _named(tables: Mapping[str, pl.DataFrame], rows: pl.DataFrame) -> pl.DataFrame:
    """Put the names of entity and fund beside each finding."""
    funds = tables["partner_fund"].select("partner_fund_id", fund="name")
    entities = set(rows["entity_table"].unique())
    names = [
        tables[table].select(pl.lit(table).alias("entity_table"), entity=pl.col(key), own="name")
        for table, key in _NAMED.items()
        if table in entities
    ]
    if "investment" in entities:
        deals = tables["investment"].select("investment_id", "company_id")
        called = tables["company"].select("company_id", "name")
        deals = deals.join(called, on="company_id", how="left", validate="m:1")
        names.append(
            deals.select(pl.lit("investment").alias("entity_table"), entity="investment_id", own="name")
        )
    none = pl.DataFrame(schema={"entity_table": pl.String, "entity": pl.String, "own": pl.String})
    rows = rows.join(funds, on="partner_fund_id", how="left", validate="m:1", maintain_order="left")
    rows = rows.join(
        pl.concat([none, *names]),
        on=["entity_table", "entity"],
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    return rows.with_columns(name=pl.coalesce("own", "fund", "entity")).drop("own")
