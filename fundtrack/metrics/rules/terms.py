"""Which limit binds a subject: the agreement's own term, else the binding rule at the agreement date, else a reference.

Rules are rows of 规则. One fits a subject where its 适用对象 (`applies_to`) is 全部, the kind of the guidance fund (创投, 天使, 跨境), the
guidance fund's or the participation's id; words in brackets after it tell the criteria of one rule apart: 全部（职工人数）.

    agreement   the term that the agreement states
    rule        a binding row (依据) with a value, in force on the agreement date; the more particular first, then the newer
    reference   a reference row (参照) with a value, in force on the agreement date, else on the day looked at; these only hint

A binding row in force whose value is missing (数据待补) leaves the limit open: what a reference finds is a hint, what
it does not find is incomplete. Whom no term and no rule concerns is not examined. A row without a parameter says
only that the rule holds, and by which source.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.money import RATE

AGREEMENT: Final = "参股协议"
BINDING: Final = "依据"
REFERENCE: Final = "参照"
ALL: Final = "全部"
LIST: Final = "清单"
"""The unit of a rule whose limit is a list of words, written in its base and parted by 、."""
KINDS: Final = {"venture": "创投", "angel": "天使", "cross_border": "跨境"}
_BOUND: Final[dict[str, pl.DataType]] = {
    "limit_term": RATE, "rule_base": pl.String(), "bound_by": pl.String(), "force": pl.String(), "source": pl.String(),
    "rule_from": pl.Date(), "rule_key": pl.String(), "unset": pl.Boolean(),
}  # fmt: skip
"""What `bound` puts beside a subject."""
_ASKED: Final = ("on_", "kind_", "fund_", "stake_")
"""What of a subject decides which rule binds it."""


def rule_rows(tables: Tables, rule_id: str, criterion: str | None = None) -> pl.DataFrame:
    """List the versions of a rule (of one criterion of it): scope, parameter, value, base, force, source, time in force."""
    asked = pl.col("rule_id") == rule_id
    if criterion is not None:
        asked &= pl.col("criterion") == criterion
    return _scoped(tables).filter(asked).drop("rule_id")


@once
def _scoped(tables: Tables) -> pl.DataFrame:
    """Every version of every rule, its scope and criterion apart."""
    parts = (
        pl.col("applies_to").str.replace_all(" ", "").str.extract_groups(r"^([^（(]*)(?:[（(](.*)[）)])?$")
    )
    named = tables["rule"].with_columns(scope=parts.struct.field("1"), criterion=parts.struct.field("2"))
    return named.select(
        "rule_id", "row_key", "scope", "criterion", "parameter", "value", "unit", "base", "force", "source",
        "in_force_from", "in_force_to",
    )  # fmt: skip


def bound(
    rows: pl.DataFrame,
    rules: pl.DataFrame,
    as_of: date,
    *,
    own: str | pl.Expr | None = None,
    own_source: str = AGREEMENT,
) -> pl.DataFrame:
    """Put the limit that binds beside each subject.

    Args:
        rows: subjects; `agreed_on` is the agreement date (null: the day looked at), and as far as known
            `guidance_kind`, `guidance_fund_id`, `participation_id`.
        rules: the versions of the rule, of `rule_rows`.
        as_of: the day looked at.
        own: the agreement's own term, where it has one.
        own_source: what an own term stands in.

    Returns:
        The rows that any rule concerns, with limit_term (RATE; null: unknown), rule_base, bound_by (agreement, rule, reference; null:
        nothing binds), force, source, rule_from, rule_key (the row of 规则), unset (a binding rule lacks its value).

    """
    if rows.is_empty():
        return rows.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in _BOUND.items())
    placed = rows.with_columns(_asked(rows, rules, as_of))
    asked = placed.select(_ASKED).unique().with_row_index("place_")
    terms = _ruled(asked, rules, as_of)
    found = placed.join(terms, on=_ASKED, how="left", validate="m:1", nulls_equal=True, maintain_order="left")
    if own is not None:
        term = (pl.col(own) if isinstance(own, str) else own).cast(RATE)
        agreed = term.is_not_null()
        found = found.with_columns(
            limit_term=pl.when(agreed).then(term).otherwise("limit_term"),
            bound_by=pl.when(agreed).then(pl.lit("agreement")).otherwise("bound_by"),
            force=pl.when(agreed).then(pl.lit(BINDING)).otherwise("force"),
            source=pl.when(agreed).then(pl.lit(own_source)).otherwise("source"),
            rule_from=pl.when(agreed).then("agreed_on").otherwise("rule_from"),
            rule_key=pl.when(~agreed).then("rule_key"),
            unset=pl.col("unset") & ~agreed,
        )
    nothing_else = pl.col("source").is_null()
    left_open = pl.col("bound_by").fill_null("reference") == "reference"
    found = found.with_columns(
        source=pl.coalesce("source", "unset_source"),
        force=pl.when(nothing_else & pl.col("unset")).then(pl.lit(BINDING)).otherwise("force"),
        unset=pl.col("unset").fill_null(value=False) & left_open,
    )
    concerned = found.filter(pl.col("bound_by").is_not_null() | pl.col("unset"))
    return concerned.drop(*_ASKED, "place_", "unset_source")


def settled(found: pl.Expr) -> pl.Expr:
    """Say of what a limit finds whether that holds: what nothing binds, or a reference leaves open, is unknown."""
    return (
        pl.when(pl.col("bound_by").is_null() | (pl.col("unset") & ~found))
        .then(pl.lit(None, dtype=pl.Boolean))
        .otherwise(found)
    )


def _asked(rows: pl.DataFrame, rules: pl.DataFrame, as_of: date) -> list[pl.Expr]:
    """What of a subject decides which rule binds it: millions of payments share a few hundred days and guidance funds.

    A participation matters only where a rule is for it alone.
    """

    def told(name: str) -> pl.Expr:
        return pl.col(name) if name in rows.columns else pl.lit(None, dtype=pl.String)

    on = pl.col("agreed_on").fill_null(as_of) if "agreed_on" in rows.columns else pl.lit(as_of)
    alone = told(KEY).is_in(rules["scope"].drop_nulls().to_list())
    return [
        on.alias("on_"),
        told("guidance_kind").alias("kind_"),
        told("guidance_fund_id").alias("fund_"),
        pl.when(alone).then(told(KEY)).alias("stake_"),
    ]


def _ruled(asked: pl.DataFrame, rules: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Put the row of rules that is chosen beside each that is asked about, and where a binding one lacks its value, its source."""
    pairs = asked.join(rules, how="cross")
    scope, kind = pl.col("scope"), pl.col("kind_")
    fits = [
        (0, scope == ALL),
        (1, (scope == kind.replace(KINDS)) | (scope == kind)),
        (2, scope == pl.col("fund_")),
        (3, scope == pl.col("stake_")),
    ]
    rank = pl.coalesce([pl.when(holds).then(place) for place, holds in fits])
    binding = pl.col("force") == BINDING
    then, now = _in_force("on_"), _in_force(as_of)
    pairs = pairs.with_columns(rank=rank, then=then)
    pairs = pairs.filter(pl.col("rank").is_not_null() & (pl.col("then") | (~binding & now)))
    valued = (
        pl.when(pl.col("unit") == LIST)
        .then(pl.col("base").is_not_null())
        .otherwise(pl.col("value").is_not_null())
    )
    holds = pl.col("parameter").is_null() | valued
    best = pairs.filter(holds).sort(
        "place_", binding, "then", "rank", "in_force_from", descending=[False, True, True, True, True],
        nulls_last=True,
    )  # fmt: skip
    chosen = best.unique("place_", keep="first", maintain_order=True).select(
        "place_",
        limit_term="value",
        rule_base="base",
        bound_by=pl.when(binding).then(pl.lit("rule")).otherwise(pl.lit("reference")),
        force="force",
        source="source",
        rule_from="in_force_from",
        rule_key="row_key",
    )
    terms = asked.join(chosen, on="place_", how="left", validate="1:1")
    lacking = pairs.filter(binding & ~holds)
    if lacking.is_empty():
        return terms.with_columns(unset=pl.lit(None, pl.Boolean), unset_source=pl.lit(None, pl.String))
    newest = lacking.sort("place_", "rank", "in_force_from").unique(
        "place_", keep="last", maintain_order=True
    )
    unset = newest.select("place_", unset=pl.lit(value=True), unset_source="source")
    return terms.join(unset, on="place_", how="left", validate="1:1")


def _in_force(day: str | date) -> pl.Expr:
    on = pl.col(day) if isinstance(day, str) else pl.lit(day)
    begun = pl.col("in_force_from").is_null() | (pl.col("in_force_from") <= on)
    return begun & (pl.col("in_force_to").is_null() | (on <= pl.col("in_force_to")))
