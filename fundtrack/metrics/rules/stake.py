"""Rules on what a guidance fund may hold: OVER_CAP, LARGEST_LP, DOUBLE_COUNT."""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import exceeds, times
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables, members, size_changes
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import MONEY, ratio


def over_cap(tables: Tables, as_of: date) -> Examined:
    """OVER_CAP: a participation's share of its fund above the cap, on commitments and on what was paid.

        committed  commitment / committed size of the fund; paid_in  calls paid / paid in by all investors
        amount     what is above the cap, in the fund's currency

    Examined: participations held in funds that are set up; on paid-in only where something was paid.
    """
    rows = stakes(tables, as_of).filter(pl.col("held") & (pl.col("set_up_on") <= as_of))
    rows = bound(rows, rule_rows(tables, "OVER_CAP"), as_of, own="cap_ratio")
    same = pl.col("currency") == pl.col("fund_currency")
    bases = (
        ("committed", "commitment", "committed_size", pl.max_horizontal("set_up_on", "signed_on")),
        ("paid_in", "paid", "fund_paid_in", pl.col("paid_first_on")),
    )
    parts = []
    for basis, above, below, since in bases:
        part = rows.filter(pl.col("paid") > 0) if basis == "paid_in" else rows
        known = same & (pl.col(below) > 0) & ((basis == "committed") | (pl.col(below) >= pl.col(above)))
        whole = pl.when(known).then(pl.col(below))
        over = exceeds(pl.col(above), pl.col("limit_term"), pl.col("whole"))
        excess = (pl.col(above) - times(pl.col("whole"), pl.col("limit_term"))).cast(MONEY)
        part = part.with_columns(whole=whole).with_columns(found=settled(over))
        parts.append(
            part.with_columns(
                entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(basis), unit=pl.lit("share"),
                value=ratio(pl.col(above), pl.col("whole")), limit_value=pl.col("limit_term").cast(pl.Float64),
                amount=pl.when("found").then(excess), occurred_on=since,
            )
        )  # fmt: skip
    told = [
        part.filter(pl.col("found").fill_null(value=True)) for part in parts
    ]  # what is clear shows nothing
    shown = [*_shares_shown(tables, as_of, told[0]), *_payments_shown(tables, as_of, told[1])]
    return examined(parts, shown)


def _shares_shown(tables: Tables, as_of: date, part: pl.DataFrame) -> list[pl.DataFrame]:
    """Name the rows that make a share of commitments."""
    own = part.join(tables["partner_fund"].select(FUND, fund_key="row_key"), on=FUND, validate="m:1")
    agreed = part.filter(pl.col("bound_by") == "agreement")
    changes = tables["investor_commitment"].filter(pl.col("effective_on") <= as_of)
    changed = size_changes(tables)[FUND].unique()
    changes = changes.filter(pl.col(FUND).is_in(changed.implode()) & pl.col("reason").ne_missing("initial"))
    later = changes.select(FUND, change="row_key").join(part.select("entity", "occurrence", FUND), on=FUND)
    return [
        evidence(part, "participation", "value", field="commitment"),
        evidence(own, "partner_fund", "base", "fund_key", "committed_size"),
        evidence(later, "investor_commitment", "base", "change", "amount"),
        evidence(agreed, "participation", "limit", field="cap_ratio"),
    ]


def _payments_shown(tables: Tables, as_of: date, part: pl.DataFrame) -> list[pl.DataFrame]:
    """Name the rows that make a share of what was paid."""
    calls = tables["cash_flow"].filter((pl.col("kind") == "call") & (pl.col("occurred_on") <= as_of))
    calls = calls.select(KEY, flow="row_key").join(part.select(KEY, "entity", "occurrence"), on=KEY)
    paid = tables["fund_paid_in"].filter(pl.col("paid_on") <= as_of).select(FUND, flow="row_key")
    agreed = part.filter(pl.col("bound_by") == "agreement")
    return [
        evidence(calls, "cash_flow", "value", "flow", "amount"),
        evidence(
            paid.join(part.select(FUND, "entity", "occurrence"), on=FUND),
            "fund_paid_in",
            "base",
            "flow",
            "amount",
        ),
        evidence(agreed, "participation", "limit", field="cap_ratio"),
    ]


def public_shares(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, guidance_all, public_all (with other public money), committed_size: what stands beside OVER_CAP."""
    rows = (
        investors(tables, as_of)
        .group_by(FUND)
        .agg(
            guidance_all=pl.col("holding").filter(pl.col("kind") == "guidance").sum(),
            public_all=pl.col("holding").filter(pl.col("kind").is_in(("guidance", "public"))).sum(),
        )
    )
    sizes = funds(tables, as_of).select(FUND, committed_size="committed_size_at")
    return rows.join(sizes, on=FUND, validate="1:1").sort(FUND)


def investors(tables: Tables, as_of: date) -> pl.DataFrame:
    """List each investor's commitment to each fund on a day, in the fund's currency; undated ones from its set-up.

    Returns:
        partner_fund_id, investor, guidance_fund_id, kind, holding, keys (the rows that add up to it).

    """
    own = members(tables).select(FUND, "set_up_on", own="currency")
    rows = tables["investor_commitment"].join(own, on=FUND, validate="m:1")
    rows = rows.filter(pl.col("currency").is_null() | (pl.col("currency") == pl.col("own")))
    rows = rows.filter(pl.coalesce("effective_on", "set_up_on") <= as_of)
    sums = rows.group_by(FUND, "investor", "guidance_fund_id").agg(
        pl.col("kind").last(), holding=pl.col("amount").sum(), keys=pl.col("row_key")
    )
    return sums.filter(pl.col("holding") > 0)


def largest_lp(tables: Tables, as_of: date) -> Examined:
    """LARGEST_LP: a guidance fund's commitment as large as that of the largest other investor, or larger.

        value  its commitment; limit  the largest other's; both in the fund's currency

    Incomplete where no other investor is that large and those listed do not add up to the fund's size.
    """
    rows = stakes(tables, as_of).filter(pl.col("held") & (pl.col("set_up_on") <= as_of))
    rows = bound(rows, rule_rows(tables, "LARGEST_LP"), as_of)
    known = investors(tables, as_of)
    beside = rows.select(KEY, FUND, "guidance_fund_id").join(known, on=FUND, suffix="_of")
    others = beside.filter(pl.col("guidance_fund_id_of").ne_missing(pl.col("guidance_fund_id")))
    others = others.sort(KEY, "holding", "investor", descending=[False, True, False])
    largest = others.group_by(KEY, maintain_order=True).agg(
        other=pl.col("holding").first(), other_keys=pl.col("keys").first()
    )
    listed = known.group_by(FUND).agg(listed=pl.col("holding").sum())
    rows = rows.join(largest, on=KEY, how="left", validate="1:1").join(
        listed, on=FUND, how="left", validate="m:1"
    )
    mine, other = pl.col("commitment"), pl.col("other")
    whole = (pl.col("currency") == pl.col("fund_currency")) & (pl.col("listed") >= pl.col("committed_size"))
    found = (
        pl.when(mine < other).then(pl.lit(value=False)).when(whole & (mine >= other)).then(pl.lit(value=True))
    )
    allowed = (pl.col("limit_term") >= 1).fill_null(value=False)
    smaller = (mine < other).fill_null(value=False)  # no measure forbids that, whatever its missing text says
    rows = rows.with_columns(
        found=pl.when(smaller).then(pl.lit(value=False)).otherwise(settled(found & ~allowed))
    )
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), unit=pl.lit("money"),
        value=mine.cast(pl.Float64), limit_value=other.cast(pl.Float64), amount=pl.when("found").then(mine),
        occurred_on=pl.max_horizontal("set_up_on", "signed_on"),
    )  # fmt: skip
    theirs = rows.explode("other_keys")
    own = rows.join(tables["partner_fund"].select(FUND, fund_key="row_key"), on=FUND, validate="m:1")
    shown = [
        evidence(rows, "participation", "value", field="commitment"),
        evidence(theirs, "investor_commitment", "limit", "other_keys", "amount"),
        evidence(own.filter(pl.col("found").is_null()), "partner_fund", "base", "fund_key", "committed_size"),
    ]
    return examined([rows], shown)
