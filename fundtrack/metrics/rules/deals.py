"""Rules on what a fund invested in: NOT_STARTUP, NEGATIVE_LIST, DEBT_LIKE, RELATED_PARTY, CONCENTRATION."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, exceeds
from fundtrack.metrics.fx import converted, fx_rates, with_rate
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.holdings import companies, holdings
from fundtrack.metrics.industry import industries_at
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.metrics.ratios import EARLY
from fundtrack.metrics.reports_at import newest_reports
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import MONEY, ratio

ID: Final = "investment_id"
_NONE = pl.lit(None, dtype=pl.Boolean)
_CRITERIA: Final = (
    ("years", "成立年限", "years", "founded_on"),
    ("staff", "职工人数", "people", "staff"),
    ("sales", "营业收入", "money", "sales"),
    ("net_assets", "净资产", "money", "net_assets"),
)


@once
def deals(tables: Tables, as_of: date) -> pl.DataFrame:
    """List every investment up to a day with its company's age and industry, and the agreement that speaks for its fund."""
    rows = tables["investment"].filter(pl.col("invested_on") <= as_of)
    own = funds(tables, as_of).select(FUND, KEY, "agreed_on", "guidance_kind", "guidance_fund_id")
    known = tables["company"].select("company_id", "founded_on", "industry", company_key="row_key")
    rows = rows.join(own, on=FUND, how="left", validate="m:1")
    rows = rows.join(known, on="company_id", how="left", validate="m:1")
    return rows.with_columns(entity_table=pl.lit("investment"), entity=pl.col(ID)).sort(ID)


def not_startup(tables: Tables, as_of: date) -> Examined:
    """NOT_STARTUP: called seed or start-up at a fund's first investment in a company that was too old or too large.

    Occurrences: years (since founding), staff, sales, net_assets, each against its own limit, all at the investment; sales and net
    assets in CNY, of another currency at the day's rate. One row without occurrence for an investment where none is exceeded:
    incomplete where one is unknown.
    """
    rows = deals(tables, as_of).sort("invested_on", ID)
    rows = rows.join(companies(tables), on="company_id", how="left", validate="m:1")
    first = pl.col("invested_on") == pl.col("invested_on").min().over(FUND, "company")
    rows = _in_yuan(tables, rows.filter(first & pl.col("stage").is_in(EARLY)).sort(ID))
    rows = rows.with_columns(years=(pl.col("invested_on") - pl.col("founded_on")).dt.total_days() / 365.25)
    judged = []
    for name, criterion, unit, field in _CRITERIA:
        one = bound(rows, rule_rows(tables, "NOT_STARTUP", criterion), as_of)
        limit = pl.col("limit_term")
        over = pl.col(name).cast(pl.Float64) > limit.cast(pl.Float64)
        if name == "years":
            grown = pl.col("founded_on").dt.offset_by(
                pl.format("{}mo", (limit.cast(pl.Float64) * 12).round().cast(pl.Int64))
            )
            over = pl.col("invested_on") > grown
        judged.append(
            one.with_columns(
                found=settled(over), value=pl.col(name).cast(pl.Float64), limit_value=limit.cast(pl.Float64),
                unit=pl.lit(unit), occurrence=pl.lit(name), field=pl.lit(field), occurred_on="invested_on",
            )
        )  # fmt: skip
    every = pl.concat(judged, how="diagonal")
    over_ = every.filter(pl.col("found"))
    rest = every.filter(~pl.col("entity").is_in(over_["entity"].implode()))
    lacking = rest.filter(pl.col("found").is_null())
    whole = rest.unique("entity", keep="first", maintain_order=True).with_columns(
        occurrence=pl.lit(""), value=pl.lit(None, dtype=pl.Float64), limit_value=pl.lit(None, dtype=pl.Float64),
        unit=pl.lit(None, dtype=pl.String), rule_key=pl.lit(None, dtype=pl.String), amount=pl.lit(None, dtype=MONEY),
        found=pl.when(pl.col("entity").is_in(lacking["entity"].implode())).then(_NONE).otherwise(pl.lit(value=False)),
    )  # fmt: skip
    by_age = pl.col("field") == "founded_on"
    absent = lacking.with_columns(occurrence=pl.lit(""))
    shown = [
        evidence(over_.filter(by_age), "company", "value", "company_key", "founded_on"),
        evidence(over_.filter(by_age), "investment", "value", field="invested_on"),
        evidence(over_.filter(~by_age), "investment", "value", field=pl.col("field")),
        evidence(over_, "investment", "base", field="stage"),
        evidence(absent.filter(by_age), "company", "missing", "company_key", "founded_on"),
        evidence(absent.filter(~by_age), "investment", "missing", field=pl.col("field")),
    ]
    return examined([over_, whole], shown)


def _in_yuan(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Convert what is in another currency at the rate of the day; null where there is none."""
    if rows.filter(pl.col("currency") != "CNY").is_empty():
        return rows
    rated = converted(with_rate(rows, fx_rates(tables), "CNY", day="invested_on"), ["sales", "net_assets"])
    return rated.with_columns(sales="sales_converted", net_assets="net_assets_converted").select(rows.columns)


def negative_list(tables: Tables, as_of: date) -> Examined:
    """NEGATIVE_LIST: an instrument or industry that rules ban; the lists are those of 规则, its base.

    Occurrences: instrument, industry (by division of GB/T 4754, section letter, or the code's first digits). One row without occurrence
    where neither is found: incomplete where one is unknown.
    """
    rows = deals(tables, as_of)
    tool = bound(rows, rule_rows(tables, "NEGATIVE_LIST", "工具"), as_of)
    listed = pl.col("rule_base").str.replace_all(" ", "").str.split("、")
    tool = tool.with_columns(
        occurrence=pl.lit("instrument"), field=pl.lit("instrument"), source_table=pl.lit("investment"), shown_key=pl.col("row_key"),
        found=settled(listed.list.contains(pl.col("instrument"))) & pl.col("instrument").is_not_null(),
    ).with_columns(found=pl.when(pl.col("instrument").is_not_null()).then("found"))  # fmt: skip
    lines = industries_at(tables["industry"], rows["industry"], as_of)
    lines = lines.select(industry="written", section="section", division="division")
    line = bound(rows, rule_rows(tables, "NEGATIVE_LIST", "行业"), as_of)
    line = line.join(lines, on="industry", how="left", validate="m:1")
    banned = listed.list.contains(pl.col("division")) | listed.list.contains(pl.col("section"))
    banned |= listed.list.contains(pl.col("industry"))
    known = pl.col("division").is_not_null() | pl.col("section").is_not_null()
    line = line.with_columns(
        occurrence=pl.lit("industry"), field=pl.lit("industry"), source_table=pl.lit("company"), shown_key="company_key",
        found=pl.when(known).then(settled(banned.fill_null(value=False))),
    )  # fmt: skip
    return _either([tool, line])


def _either(judged: list[pl.DataFrame]) -> Examined:
    """Put criteria together: a row for each found, else one for the entity, incomplete where one is unknown."""
    every = pl.concat(judged, how="diagonal").with_columns(occurred_on="invested_on")
    found = every.filter(pl.col("found"))
    rest = every.filter(~pl.col("entity").is_in(found["entity"].implode()))
    lacking = rest.filter(pl.col("found").is_null()).with_columns(occurrence=pl.lit(""))
    whole = rest.unique("entity", keep="first", maintain_order=True).with_columns(
        occurrence=pl.lit(""), rule_key=pl.lit(None, dtype=pl.String), amount=pl.lit(None, dtype=MONEY),
        found=pl.when(pl.col("entity").is_in(lacking["entity"].implode())).then(_NONE).otherwise(pl.lit(value=False)),
    )  # fmt: skip
    shown = [
        evidence(part.filter(pl.col("source_table") == table), table, role, "shown_key", pl.col("field"))
        for part, role in ((found, "value"), (lacking, "missing"))
        for table in ("investment", "company", "participation")
    ]
    return examined([found, whole], shown)


def debt_like(tables: Tables, as_of: date) -> Examined:
    """DEBT_LIKE: an investment by debt, or an agreement with a guaranteed or fixed return.

    Entities: each investment (incomplete where its instrument is unknown) and each participation agreed (incomplete where it does not
    say whether a return is guaranteed).
    """
    tool = pl.col("instrument")
    made = bound(deals(tables, as_of), rule_rows(tables, "DEBT_LIKE", "工具"), as_of)
    made = made.with_columns(
        found=pl.when(tool.is_not_null()).then(settled(tool == "debt")),
        occurred_on="invested_on",
        occurrence=pl.lit(""),
    ).with_columns(amount=pl.when("found").then("amount"))
    terms = stakes(tables, as_of).filter(pl.col("held"))
    terms = bound(terms, rule_rows(tables, "DEBT_LIKE", "条款"), as_of)
    said = pl.col("guaranteed_return")
    terms = terms.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), occurred_on="signed_on",
        found=pl.when(said.is_not_null()).then(settled(said)), amount=pl.when(said).then("commitment"),
    )  # fmt: skip
    shown = [
        _value_or_missing(made, "investment", "instrument"),
        _value_or_missing(terms, "participation", "guaranteed_return"),
    ]
    return examined([made, terms], shown)


def related_party(tables: Tables, as_of: date) -> Examined:
    """RELATED_PARTY: an investment in a related party; incomplete where it is not stated."""
    rows = bound(deals(tables, as_of), rule_rows(tables, "RELATED_PARTY"), as_of)
    said = pl.col("related_party")
    rows = rows.with_columns(
        found=pl.when(said.is_not_null()).then(settled(said)), occurred_on="invested_on", occurrence=pl.lit(""),
        amount=pl.when(said.fill_null(value=True)).then("amount"),
    )  # fmt: skip
    return examined([rows], [_value_or_missing(rows, "investment", "related_party")])


def _value_or_missing(rows: pl.DataFrame, table: str, field: str) -> pl.DataFrame:
    rows = rows.filter(pl.col("found").fill_null(value=True))  # what is clear shows nothing
    known = evidence(rows.filter(pl.col(field).is_not_null()), table, "value", field=field)
    return pl.concat([known, evidence(rows.filter(pl.col(field).is_null()), table, "missing", field=field)])


def concentration(tables: Tables, as_of: date) -> Examined:
    """CONCENTRATION: the cost that a fund holds in one company above a share of the fund's assets.

        value  cost left in the company / base; the base is what the rule says: 认缴规模, 实缴, or else net assets of the newest report,
               and paid-in where that is more (总资产: what was paid back to investors makes no holding larger)
        amount what is held

    Occurrence: the company. One row without occurrence for a fund where none is above: incomplete where its base is unknown.
    """
    held = holdings(tables, as_of).filter(pl.col("cost_left") > 0)
    each = held.group_by(FUND, "company", "currency").agg(
        cost=added(pl.col("cost_left")), made=pl.col(ID), occurred_on=pl.col("invested_on").max()
    )
    own = funds(tables, as_of).filter(pl.col("live")).rename({"currency": "own"})
    said = newest_reports(tables, as_of, "net_assets").select(FUND, "net_assets", report="row_key")
    rows = own.join(said, on=FUND, how="left", validate="1:1")
    rows = bound(rows, rule_rows(tables, "CONCENTRATION"), as_of)
    told = pl.col("rule_base").fill_null("")
    base = (
        pl.when(told.str.contains("认缴")).then("committed_size_at").when(told == "实缴").then("paid_in")
        .when(pl.col("net_assets").is_not_null()).then(pl.max_horizontal("net_assets", "paid_in"))
    )  # fmt: skip
    rows = rows.with_columns(whole=pl.when(base > 0).then(base))
    rows = rows.join(each, on=FUND, how="left", validate="1:m").filter(
        pl.col("currency").is_null() | (pl.col("currency") == pl.col("own"))
    )
    over = exceeds(pl.col("cost"), pl.col("limit_term"), pl.col("whole"))
    rows = rows.with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND, unit=pl.lit("share"), found=settled(over),
        value=ratio(pl.col("cost"), pl.col("whole")), limit_value=pl.col("limit_term").cast(pl.Float64),
        amount=pl.col("cost"), occurrence=pl.col("company").fill_null(""), currency="own",
    ).sort(FUND, "value", "occurrence", descending=[False, True, False], nulls_last=True)  # fmt: skip
    found = rows.filter(pl.col("found"))
    rest = rows.filter(~pl.col("entity").is_in(found["entity"].implode()))
    whole = rest.unique("entity", keep="first", maintain_order=True).with_columns(
        occurrence=pl.lit(""), amount=pl.lit(None, dtype=MONEY), rule_key=pl.lit(None, dtype=pl.String),
        found=pl.when(pl.col("cost").is_null()).then(pl.lit(value=False)).otherwise("found"),
    )  # fmt: skip
    made_of = found.explode("made").join(
        tables["investment"].select(made=ID, made_key="row_key"), on="made", validate="m:1"
    )
    shown = [
        evidence(made_of, "investment", "value", "made_key", "amount"),
        evidence(found, "fund_report", "base", "report", "net_assets"),
        evidence(whole, "partner_fund", "missing"),
    ]
    return examined([found, whole], shown)
