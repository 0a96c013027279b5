"""What a finding is, and how a rule's examined subjects become findings with stable ids.

A rule function gives `Examined`: one row for each subject that it looked at, whether the rule is met there (`found`: true,
false, or null where data are missing), by what limit, and the ledger rows that show it. Its status follows:

    found     bound by agreement or rule   suspected (疑点)
    found     bound by a reference alone   hint (提示)
    unknown                                incomplete (数据待补): missing data is never a pass
    not found                              clear (未见异常)

`finding_id` is the rule, a hyphen and the first ten hexadecimal digits of MD5 over `rule_id|entity_table|entity|occurrence`, so
that it is the same in every edition and on every day. `occurrence` is empty where a rule looks at a standing state of an
entity; else it names the event, period or criterion, of which an entity may have several.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import import_module
from typing import Any, Final

import polars as pl

from fundtrack.money import MONEY

FINDING: Final[dict[str, pl.DataType]] = {
    "finding_id": pl.String(), "rule_id": pl.String(), "entity_table": pl.String(), "entity": pl.String(),
    "partner_fund_id": pl.String(), "occurrence": pl.String(), "status": pl.String(), "review": pl.String(),
    "force": pl.String(), "value": pl.Float64(), "limit_value": pl.Float64(), "unit": pl.String(), "amount": MONEY,
    "currency": pl.String(), "source": pl.String(), "bound_by": pl.String(), "rule_from": pl.Date(),
    "occurred_on": pl.Date(), "first_seen_edition": pl.Int32(), "as_of": pl.Date(),
}  # fmt: skip
"""The columns of `finding`, in order."""

EVIDENCE: Final[dict[str, pl.DataType]] = {
    "finding_id": pl.String(), "ordinal": pl.Int32(), "table_name": pl.String(), "row_key": pl.String(),
    "field": pl.String(), "role": pl.String(),
}  # fmt: skip
"""The columns of `finding_evidence`: the ledger rows behind a finding, and the field of each that counts."""

EXAMINED: Final[dict[str, pl.DataType]] = {
    "entity_table": pl.String(), "entity": pl.String(), "partner_fund_id": pl.String(), "occurrence": pl.String(),
    "found": pl.Boolean(), "value": pl.Float64(), "limit_value": pl.Float64(), "unit": pl.String(), "amount": MONEY,
    "currency": pl.String(), "source": pl.String(), "bound_by": pl.String(), "force": pl.String(), "rule_from": pl.Date(),
    "rule_key": pl.String(), "occurred_on": pl.Date(),
}  # fmt: skip
"""What a rule says of a subject; a column that it does not state is null."""

SHOWN: Final[dict[str, pl.DataType]] = {
    "entity": pl.String(), "occurrence": pl.String(), "table_name": pl.String(), "row_key": pl.String(),
    "field": pl.String(), "role": pl.String(),
}  # fmt: skip
"""A ledger row behind what a rule says of a subject."""

CLEARED: Final[dict[str, pl.DataType]] = {
    "rule_id": pl.String(),
    "partner_fund_id": pl.String(),
    "clear": pl.UInt32(),
}
"""How many subjects of a fund a rule found nothing in, where these are counted only."""

STATUSES: Final = ("suspected", "hint", "incomplete", "clear")
BINDING: Final = ("agreement", "rule")
ID_DIGITS: Final = 10


def _fastest_md5() -> Callable[[bytes], Any]:
    """Python's own MD5 where it is there: of so short a text hashlib's takes twice as long, most of it to look the function up."""
    try:
        return import_module("_md5").md5  # type: ignore[no-any-return]
    except ImportError:
        return partial(hashlib.md5, usedforsecurity=False)


_md5: Final = _fastest_md5()


@dataclass(frozen=True, slots=True)
class Examined:
    """What a rule says.

    Attributes:
        rows: a row for each subject examined, with the columns of EXAMINED.
        shown: the ledger rows behind them, with the columns of SHOWN, in the order in which they are to be read.

    """

    rows: pl.DataFrame
    shown: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the rules say of a ledger on a day.

    Attributes:
        findings: a row for each subject examined, with the columns of FINDING; the clear ones too, unless they are counted only.
        evidence: the rows behind those that are not clear, with the columns of EVIDENCE.
        cleared: the clear ones that are counted only, with the columns of CLEARED.

    """

    findings: pl.DataFrame
    evidence: pl.DataFrame
    cleared: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CLEARED))


def examined(parts: Iterable[pl.DataFrame], shown: Iterable[pl.DataFrame]) -> Examined:
    """Put together what a rule says, filling with null what a part does not state."""
    return Examined(_stacked(parts, EXAMINED), _stacked(shown, SHOWN))


def evidence(
    rows: pl.DataFrame,
    table: str,
    role: str,
    key: str = "row_key",
    field: str | pl.Expr | None = None,
    entity: str = "entity",
    occurrence: str = "occurrence",
) -> pl.DataFrame:
    """Name ledger rows as evidence: one for each row, of which `key` holds the ledger's row key."""
    told = pl.lit(field, dtype=pl.String) if field is None or isinstance(field, str) else field
    known = pl.col(occurrence) if occurrence in rows.columns else pl.lit("")
    if rows[key].null_count():
        rows = rows.filter(pl.col(key).is_not_null())
    return rows.select(
        entity=pl.col(entity), occurrence=known, table_name=pl.lit(table), row_key=pl.col(key), field=told, role=pl.lit(role)
    )  # fmt: skip


def finding_id(rule_id: str, entity_table: str, entity: str, occurrence: str) -> str:
    """Give the id of a finding.

    >>> finding_id("OVER_CAP", "participation", "PA-035", "committed")
    'OVER_CAP-9ced2353ee'
    """
    return f"{rule_id}-{_digits(f'{rule_id}|{entity_table}|{entity}|{occurrence}'.encode())}"


def _digits(text: bytes) -> str:
    digits: str = _md5(text).hexdigest()[:ID_DIGITS]
    return digits


def _ids(rows: pl.DataFrame) -> pl.Series:
    """Give `finding_id` of every row: the hashes one by one, all about them at once."""
    texts = rows.select(pl.concat_str("rule_id", "entity_table", "entity", "occurrence", separator="|"))
    hashes = [_md5(text).digest() for text in texts.to_series().cast(pl.Binary).to_list()]
    digits = pl.lit(pl.Series("digits", hashes, dtype=pl.Binary)).bin.encode("hex").str.head(ID_DIGITS)
    return rows.select(finding_id=pl.concat_str("rule_id", digits, separator="-")).to_series()


def split_ids(ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Tell of ids their rule, and their digits as a number.

    >>> [part.to_list() for part in split_ids(pl.Series(["OVER_CAP-9ced2353ee", "OVER_CAP-00000000ff"]))]
    [['OVER_CAP', 'OVER_CAP'], [673993413614, 255]]
    """
    digits = ids.str.tail(ID_DIGITS).str.to_integer(base=16, dtype=pl.Int64)
    return ids.str.head(-ID_DIGITS - 1), digits


def of_rule(rule_id: str, said: Examined, as_of: date, *, clear: bool = True) -> Findings:
    """Turn what a rule says into findings, not yet reviewed: by entity and occurrence, their evidence by finding and ordinal.

    Without `clear` those that are clear are counted only.
    """
    bound = pl.col("bound_by").is_in(BINDING).fill_null(value=False)
    found = pl.col("found")
    status = (
        pl.when(found.is_null())
        .then(pl.lit("incomplete"))
        .when(~found)
        .then(pl.lit("clear"))
        .when(bound)
        .then(pl.lit("suspected"))
        .otherwise(pl.lit("hint"))
    )
    rows = said.rows.with_columns(
        pl.col("occurrence").fill_null(""), rule_id=pl.lit(rule_id), status=status, as_of=pl.lit(as_of)
    )
    none = rows.filter(pl.lit(not clear) & (pl.col("status") == "clear"))
    cleared = none.group_by("rule_id", "partner_fund_id").agg(clear=pl.len())
    rows = rows if clear else rows.filter(pl.col("status") != "clear")
    rows = rows.sort("entity_table", "entity", "occurrence")
    rows = rows.with_columns(finding_id=_ids(rows))
    behind = rows.filter(pl.col("status") != "clear").select("entity", "occurrence", "finding_id", "rule_key")
    behind = behind.sort("finding_id").with_row_index("place")  # numbers are put in order faster than texts
    limits = evidence(behind, "rule", "limit", "rule_key", "value")
    joined = pl.concat([_with_id(said.shown, behind), _with_id(limits, behind)])
    joined = joined.sort("place", maintain_order=True)
    ordinal = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("place")
    listed = joined.with_columns(ordinal=ordinal).select(*EVIDENCE)
    return Findings(_stacked([rows], FINDING), listed, _stacked([cleared], CLEARED))


def _with_id(shown: pl.DataFrame, behind: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows behind a rule's findings, most of what it shows being of what is clear."""
    known = behind.select("entity", "occurrence", "finding_id", "place")
    rows = shown.with_columns(pl.col("occurrence").fill_null(""))
    return rows.join(known, on=["entity", "occurrence"], maintain_order="left").select(
        *SHOWN, "finding_id", "place"
    )


def _stacked(parts: Iterable[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Lay parts below one another, in the columns of a schema; those that a part lacks are null."""
    fitted = [
        pl.DataFrame(
            [
                part[name].cast(dtype)
                if name in part.columns
                else pl.Series(name, [None], dtype).new_from_index(0, part.height)
                for name, dtype in schema.items()
            ]
        )
        for part in parts
    ]
    return pl.concat([pl.DataFrame(schema=schema), *fitted])
