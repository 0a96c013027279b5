"""Rules on what a fund tells: LATE_REPORT, STALE_NAV, FEE_OVER."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.exact import times
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.period_ends import period_ends
from fundtrack.metrics.rhythm import (
    KINDS,
    RHYTHMS,
    Rhythm,
    after,
    owes,
    period_of,
    periods_between,
    rhythm_of,
)
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import MONEY, RATE
from fundtrack.periods import period_end

_OWED: Final[dict[str, Any]] = {
    FUND: pl.String, "occurrence": pl.String, "criterion": pl.String, "ends_on": pl.Date, "due_on": pl.Date,
    "filed_on": pl.Date, "came": pl.Boolean, "report": pl.String,
}  # fmt: skip
_TOLD: Final = {FUND, "period", "kind", "due_on", "row_key", "currency", "voucher_no", "note"}
"""Columns of a report that say only that one is due."""


def late_report(tables: Tables, as_of: date) -> Examined:
    """LATE_REPORT: a report filed after its due date, or due and not there.

    Due is what its row states; of a quarterly report without a row what the fund's earlier ones say (quarterly reports are owed
    only where agreed); of half-years and years the day that the rule names (month and day as 930), for periods that end while it is
    in force. Examined: funds from their agreement and set-up on, until their liquidation or the guidance funds' exit.

        value  days late, up to the filing or the day; limit  days of grace

    Occurrence: period and kind. One row without occurrence for a fund where none is late. Incomplete where a report is there
    without a day of filing after it was due.
    """
    live = funds(tables, as_of).filter(
        pl.col("agreed_on").is_not_null()
        & (pl.col("set_up_on") <= as_of)
        & ~pl.col("exited").fill_null(value=False)
    )
    owed = pl.DataFrame(list(_owed(tables, live, as_of)), schema=_OWED, orient="row")
    rows = owed.join(live, on=FUND, validate="m:1")
    parts = []
    for criterion in ("约定", "半年报", "年报"):
        part = bound(
            rows.filter(pl.col("criterion") == criterion), rule_rows(tables, "LATE_REPORT", criterion), as_of
        )
        agreed = criterion == "约定"
        grace = pl.col("limit_term") if agreed else pl.lit(0).cast(RATE)
        parts.append(
            part.with_columns(
                limit_term=grace,
                bound_by=pl.col("bound_by").replace("rule", "agreement") if agreed else pl.col("bound_by"),
                rule_from=pl.coalesce("rule_from", "agreed_on"),
            )
        )
    rows = pl.concat(parts, how="diagonal").with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND, unit=pl.lit("days")
    )
    filed = (pl.col("filed_on") <= as_of).fill_null(value=False)
    days = (pl.when(filed).then("filed_on").otherwise(pl.lit(as_of)) - pl.col("due_on")).dt.total_days()
    late = days > pl.col("limit_term")
    undated = pl.col("came") & pl.col("filed_on").is_null()
    rows = rows.with_columns(
        found=pl.when(undated & late).then(pl.lit(None, dtype=pl.Boolean)).otherwise(settled(late)), occurred_on="due_on",
        value=pl.max_horizontal(days, 0).cast(pl.Float64), limit_value=pl.col("limit_term").cast(pl.Float64),
        amount=pl.lit(None, dtype=MONEY),
    )  # fmt: skip
    told = rows.filter(pl.col("found").ne_missing(pl.lit(value=False)))
    clear = rows.filter(~pl.col(FUND).is_in(told[FUND].implode())).sort(FUND, "due_on")
    clear = clear.unique(FUND, keep="last", maintain_order=True).with_columns(
        occurrence=pl.lit(""), value=pl.lit(None, dtype=pl.Float64)
    )
    shown = [
        evidence(told, "fund_report", "value", "report", "filed_on"),
        evidence(told.filter(pl.col("report").is_null()), "partner_fund", "missing"),
    ]
    return examined([told, clear], shown)


def _owed(tables: Tables, live: pl.DataFrame, as_of: date) -> Iterator[tuple[Any, ...]]:
    """List every report owed whose due date is over, one that came or not."""
    table = tables["fund_report"]
    content = [name for name in table.columns if name not in _TOLD and not name.endswith("_precision")]
    reports = table.with_columns(came=pl.any_horizontal(pl.col(content).is_not_null())).sort(
        FUND, "filed_on", nulls_last=True
    )
    by_fund: dict[str, list[tuple[Any, ...]]] = {}
    for fund, *row in reports.select(
        FUND, "period", "kind", "due_on", "filed_on", "came", "row_key"
    ).iter_rows():
        by_fund.setdefault(fund, []).append(tuple(row))
    statutes = {
        KINDS[rhythm]: rule_rows(tables, "LATE_REPORT", KINDS[rhythm])
        .select("value", "in_force_from", "in_force_to")
        .rows()
        for rhythm in ("half", "year")
    }
    begun = pl.max_horizontal("set_up_on", "signed_on")
    over = pl.min_horizontal("liquidated_on", "dropped_on")
    for fund, since, until in live.select(FUND, begun, over).iter_rows():
        yield from _owed_by(fund, since, until, by_fund.get(fund, []), statutes, as_of)


def _owed_by(
    fund: str,
    since: date,
    over: date | None,
    reports: list[tuple[Any, ...]],
    statutes: dict[str, Any],
    as_of: date,
) -> Iterator[tuple[Any, ...]]:
    """List what one fund owes."""
    by_period: dict[str, tuple[Any, ...]] = {}
    for one in reports:
        by_period.setdefault(period_of(one[0], one[1]), one)
    sent = frozenset(RHYTHMS[kind] for _, kind, *_ in reports if kind in RHYTHMS)
    first: dict[str, date] = {}
    for period in by_period:
        rhythm = rhythm_of(period)
        first[rhythm] = min(first.get(rhythm, date.max), period_end(period))
    told = [
        (period_end(period), due)
        for period, _, due, *_ in by_period.values()
        if due and rhythm_of(period) == "quarter"
    ]
    until = min(as_of, over) if over else as_of
    listed = {*periods_between(since, until), *by_period}
    for period in sorted(listed):
        ends, rhythm = period_end(period), rhythm_of(period)
        report: tuple[Any, ...] | None = by_period.get(period)
        kind = report[1] if report else KINDS[rhythm]
        if report and report[2]:
            due, criterion = report[2], "约定"
        elif rhythm == "quarter":
            if not report and (not owes(rhythm, sent, ends) or ends < first[rhythm] or not told):
                continue
            due, criterion = after(ends, told), "约定"
        else:
            due, criterion = _statute(rhythm, ends, statutes[KINDS[rhythm]]), KINDS[rhythm]
            if due is None or (not report and not owes(rhythm, sent, ends)):
                continue
        if due <= as_of and ends <= as_of:
            filed, came, key = report[3:6] if report else (None, False, None)
            yield fund, f"{period}|{kind}", criterion, ends, due, filed, bool(came), key


def _statute(rhythm: Rhythm, ends: date, rows: list[tuple[Any, ...]]) -> date | None:
    """Give the day by which the rule in force at a period's end wants its report."""
    for value, begins, stops in rows:
        if value is not None and (begins is None or begins <= ends) and (stops is None or ends <= stops):
            later = 1 if rhythm == "year" or ends.month == 12 else 0
            return date(ends.year + later, int(value) // 100, int(value) % 100)
    return None


def stale_nav(tables: Tables, as_of: date) -> Examined:
    """STALE_NAV: the newest NAV of a participation is older than so many days.

        value  its age in days; amount  the NAV as rolled forward

    Examined: participations held and paid in funds that are not dissolved. Incomplete where no NAV is known.
    """
    rows = stakes(tables, as_of).filter(
        pl.col("held") & (pl.col("paid") > 0) & ~pl.col("dissolved").fill_null(value=False)
    )
    navs = participations_at(tables, as_of).select(KEY, "nav", "nav_on", "nav_source")
    rows = rows.join(navs, on=KEY, how="left", validate="1:1")
    rows = bound(rows, rule_rows(tables, "STALE_NAV"), as_of)
    age = (pl.lit(as_of) - pl.col("nav_on")).dt.total_days()
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), unit=pl.lit("days"),
        found=settled(age > pl.col("limit_term")), value=age.cast(pl.Float64),
        limit_value=pl.col("limit_term").cast(pl.Float64), amount="nav",
        occurred_on=pl.col("nav_on") + pl.duration(days=pl.col("limit_term").cast(pl.Int64) + 1),
    )  # fmt: skip
    valued = tables["valuation"].select(KEY, nav_on="valued_on", valued="row_key")
    known = rows.join(valued, on=[KEY, "nav_on"], how="left", validate="1:1")
    shown = [
        evidence(known, "valuation", "value", "valued", "valued_on"),
        evidence(rows.filter(pl.col("nav_on").is_null()), "participation", "missing"),
        evidence(
            known.filter(pl.col("valued").is_null() & pl.col("nav_on").is_not_null()),
            "participation",
            "value",
        ),
    ]
    return examined([rows], shown)


def _fees_allowed(tables: Tables, own: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The reports of funds whose period is over, each with its base, that of the last report before it, and the most that the rate allows."""
    reports = tables["fund_report"].with_columns(
        ends_on=period_ends(tables["fund_report"]["period"]),
        months=pl.col("period").str.len_chars().replace_strict({4: 12}, default=None, return_dtype=pl.Int64).fill_null(
            pl.when(pl.col("period").str.contains("Q")).then(3).otherwise(6)
        ),
    ).filter(pl.col("ends_on") <= as_of)  # fmt: skip
    reports = reports.rename({"currency": "stated_in"}).sort(FUND, "ends_on", "kind")
    rows = reports.drop("voucher_no", "note").join(own, on=FUND, validate="m:1")
    rows = rows.filter(pl.col("stated_in").is_null() | (pl.col("stated_in") == pl.col("currency")))
    named = (
        pl.when(pl.col("bound_by") == "agreement")
        .then("fee_base")
        .otherwise(pl.col("rule_base").fill_null("实缴"))
    )
    base = (
        pl.when(named == "认缴").then("committed").when(named == "实缴").then("paid_in")
        .when(named == "未退出投资额").then(pl.col("invested") - pl.col("exit_cost"))
    )  # fmt: skip
    rows = rows.with_columns(base=base.cast(MONEY))
    begins = pl.col("ends_on").dt.offset_by(pl.format("-{}mo", pl.col("months"))).dt.month_end()
    earlier = rows.select(FUND, "kind", ended_on="ends_on", base_before="base").drop_nulls()
    earlier = earlier.sort(FUND, "ended_on", "kind").drop("kind")
    earlier = earlier.unique([FUND, "ended_on"], keep="last", maintain_order=True)
    rows = (
        rows.with_columns(begins=begins)
        .sort(FUND, "begins")
        .join_asof(earlier, left_on="begins", right_on="ended_on", by=FUND, check_sortedness=False)
    )
    whole = pl.max_horizontal("base", "base_before")
    share = (pl.col("limit_term").cast(pl.Float64) * pl.col("months") / 12).round(8).cast(RATE)
    return rows.with_columns(most=times(pl.when(pl.col("base").is_not_null()).then(whole), share))


def fee_over(tables: Tables, as_of: date) -> Examined:
    """FEE_OVER: the fee that a report states for its period above rate · base · months / 12.

        base   认缴, 实缴 or 未退出投资额 (invested less cost of exits) as the fund's row says, at the period's end or at the last report
               before it, whichever is larger: what was sold within the period was still managed in it
        value  the fee; amount  what is above

    Where the fund's row names no rate, the rule's of what is paid in. Occurrence: period and kind. One row without occurrence for a fund
    where none is above: incomplete where a base is unknown or no report states a fee.
    """
    own = (
        funds(tables, as_of)
        .filter(pl.col("live") & (pl.col("paid_in").fill_null(1) > 0))
        .drop("paid_in", "row_key")
    )
    own = bound(
        own, rule_rows(tables, "FEE_OVER"), as_of, own="fee_rate", own_source="合伙协议或委托管理协议"
    )
    rows = _fees_allowed(tables, own, as_of)
    rows = rows.filter(pl.col("fee").is_not_null()).with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND, unit=pl.lit("money"), found=settled(pl.col("fee") > pl.col("most")),
        value=pl.col("fee").cast(pl.Float64), limit_value=pl.col("most").cast(pl.Float64), occurred_on="ends_on",
        occurrence=pl.concat_str("period", "kind", separator="|"),
    ).with_columns(amount=pl.when("found").then(pl.col("fee") - pl.col("most")))  # fmt: skip
    found = rows.filter(pl.col("found"))
    rest = own.filter(~pl.col(FUND).is_in(found[FUND].implode()))
    unknown = rows.filter(pl.col("found").is_null())
    known = rows.filter(~pl.col("found"))[FUND].unique()
    judged = pl.when(pl.col(FUND).is_in(known.implode()) & ~pl.col(FUND).is_in(unknown[FUND].implode())).then(
        pl.lit(value=False)
    )
    rest = rest.with_columns(
        entity_table=pl.lit("partner_fund"),
        entity=FUND,
        occurrence=pl.lit(""),
        found=judged,
        rule_key=pl.lit(None, dtype=pl.String),
    )
    bare = rest.filter(pl.col("found").is_null() & ~pl.col(FUND).is_in(unknown[FUND].implode()))
    fund_keys = tables["partner_fund"].select(FUND, fund_key="row_key")
    shown = [
        evidence(found, "fund_report", "value", field="fee"),
        evidence(
            found.join(fund_keys, on=FUND, validate="m:1"), "partner_fund", "limit", "fund_key", "fee_rate"
        ),
        evidence(unknown.with_columns(occurrence=pl.lit("")), "fund_report", "missing", field="fee"),
        evidence(
            bare.join(fund_keys, on=FUND, validate="m:1"), "partner_fund", "missing", "fund_key", "fee_rate"
        ),
    ]
    return examined([found, rest], shown)
