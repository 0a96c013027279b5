"""Rules on how entities are recorded: UNFILED, BAD_CODE, SUSPECT_DUPLICATE, DOUBLE_COUNT."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.districts import districts_at
from fundtrack.metrics.entities import (
    are_firm_codes,
    are_fund_codes,
    are_usccs,
    folded,
    fund_entities,
    shared,
    valid_firm_code,
    valid_fund_code,
    valid_uscc,
)
from fundtrack.metrics.exact import added
from fundtrack.metrics.industry import industries_at
from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled

_NONE = pl.lit(None, dtype=pl.Boolean)
USCC_FROM: Final = date(2015, 10, 1)
USCC_FOR_ALL: Final = date(2018, 1, 1)
"""Unified codes were given from October 2015; older registration numbers stayed good until the end of 2017."""
_OLDER: Final = "^[0-9]{13}$|^[0-9]{15}$"
_VALID: Final = {"uscc": are_usccs, "amac_code": are_fund_codes, "amac_no": are_firm_codes}
_DUTIES: Final = (
    ("amac_code", "备案编码"),
    ("custodian", "托管银行"),
    ("uscc", "统一社会信用代码"),
    ("term_end", "存续期截止"),
)


def unfiled(tables: Tables, as_of: date) -> Examined:
    """UNFILED: a fund without AMAC code, custodian, USCC or term, where the duty was in force and the fund is onshore.

        value  days since the fund was set up, or since the duty began if later; limit  days that it leaves to do so

    Occurrence: the field. Onshore are funds in CNY. A USCC is asked of funds set up before 2015-10 only from 2018 on. One row without
    occurrence for a fund that lacks nothing: incomplete where it lacks something, was paid
    into, and nobody knows when it was set up.
    """
    own = funds(tables, as_of).filter(
        (pl.col("currency") == "CNY")
        & (pl.col("live") | pl.col("set_up_on").is_null())
        & pl.col("agreed_on").is_not_null()
    )
    own = own.filter(pl.col("set_up_on").is_not_null() | (pl.col("paid_in") > 0))
    parts = []
    for name, criterion in _DUTIES:
        part = own.drop("agreed_on").with_columns(occurrence=pl.lit(name), lacks=pl.col(name).is_null())
        part = bound(part, rule_rows(tables, "UNFILED", criterion), as_of).filter(
            pl.col("rule_from").is_null() | (pl.col("rule_from") <= as_of)
        )
        since = pl.max_horizontal("set_up_on", "rule_from")
        if name == "uscc" and as_of < USCC_FOR_ALL:
            part = part.filter(pl.col("set_up_on").is_null() | (pl.col("set_up_on") >= USCC_FROM))
        days = (pl.lit(as_of) - since).dt.total_days()
        judged = (
            pl.when(pl.col("lacks")).then(settled(days > pl.col("limit_term"))).otherwise(pl.lit(value=False))
        )
        parts.append(
            part.with_columns(
                found=pl.when(pl.col("set_up_on").is_null() & pl.col("lacks")).then(_NONE).otherwise(judged),
                value=days.cast(pl.Float64), limit_value=pl.col("limit_term").cast(pl.Float64), unit=pl.lit("days"),
                occurred_on=since,
            )
        )  # fmt: skip
    every = pl.concat(parts, how="diagonal").with_columns(entity_table=pl.lit("partner_fund"), entity=FUND)
    return _lacking(every, "partner_fund")


def _lacking(every: pl.DataFrame, table: str) -> Examined:
    """Put fields together: a row for each that is found, else one for the entity, incomplete where one is unknown."""
    found = every.filter(pl.col("found"))
    rest = every.filter(~pl.col("entity").is_in(found["entity"].implode()))
    unknown = rest.filter(pl.col("found").is_null())
    clear = pl.lit(None, dtype=pl.Float64)
    whole = rest.unique("entity", keep="first", maintain_order=True).with_columns(
        occurrence=pl.lit(""), value=clear, limit_value=clear, rule_key=pl.lit(None, dtype=pl.String),
        found=pl.when(pl.col("entity").is_in(unknown["entity"].implode())).then(_NONE).otherwise(pl.lit(value=False)),
    )  # fmt: skip
    shown = [
        evidence(found, table, "missing", field=pl.col("occurrence")),
        evidence(
            unknown.with_columns(occurrence=pl.lit(""), field="occurrence"),
            table,
            "missing",
            field=pl.col("field"),
        ),
    ]
    return examined([found, whole], shown)


def double_count(tables: Tables, as_of: date) -> Examined:
    """DOUBLE_COUNT: a fund in which several guidance funds hold; it is counted once, and listed here.

    value  guidance funds that hold; limit  1; amount  what they have committed together
    """
    held = stakes(tables, as_of).filter(pl.col("held") & (pl.col("set_up_on") <= as_of))
    several = held.group_by("entity").agg(
        value=pl.col("guidance_fund_id").n_unique().cast(pl.Float64), amount=added(pl.col("commitment")),
        since=pl.col("counts_from").sort().get(1, null_on_oob=True), fund=pl.col(FUND).min(),
        currencies=pl.col("currency").n_unique(),
    )  # fmt: skip
    own = funds(tables, as_of).drop("agreed_on")
    rows = several.join(own, left_on="fund", right_on=FUND, validate="1:1").with_columns(
        pl.col("fund").alias(FUND)
    )
    rows = bound(rows.rename({"entity": "one"}), rule_rows(tables, "DOUBLE_COUNT"), as_of)
    over = pl.col("value") > pl.col("limit_term").cast(pl.Float64)
    rows = rows.with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND, occurrence=pl.lit(""), unit=pl.lit("count"), found=settled(over),
        limit_value=pl.col("limit_term").cast(pl.Float64), occurred_on="since",
        amount=pl.when(over & (pl.col("currencies") == 1)).then("amount"),
    )  # fmt: skip
    each = held.select(one="entity", stake="row_key").join(
        rows.select("one", "entity", "occurrence"), on="one", validate="m:1"
    )
    return examined([rows], [evidence(each, "participation", "value", "stake", "guidance_fund_id")])


def suspect_duplicate(tables: Tables, as_of: date) -> Examined:
    """SUSPECT_DUPLICATE: rows of one table with the same valid code, or the same normalised name.

    Entity: the least id of the group; occurrence: what they share (uscc, amac_code, name); value  how many rows. Rows that share a
    code are not named again for their name.
    """
    parts, shown = [], []
    for table, key, codes in (
        ("partner_fund", FUND, (("uscc", valid_uscc), ("amac_code", valid_fund_code))),
        ("manager", "manager_id", (("uscc", valid_uscc), ("amac_no", valid_firm_code))),
        ("company", "company_id", (("uscc", valid_uscc),)),
    ):
        rows = tables[table]
        rows = rows.with_columns(shared(rows[name], valid).alias(f"by_{name}") for name, valid in codes)
        rows = rows.with_columns(folded(rows["name"]).replace("", None).alias("by_name"))
        if table == "partner_fund":
            entity = fund_entities(tables)
            rows = rows.join(entity, on=FUND, validate="1:1")
        named: set[str] = set()
        groups = []
        for name in [*(name for name, _ in codes), "name"]:
            by = f"by_{name}"
            some = rows.filter(pl.col(by).is_not_null() & (pl.col(by).len().over(by) > 1))
            some = some.filter(~pl.col(key).is_in(list(named)))
            some = some.filter(pl.len().over(by) > 1)
            named |= set(some[key])
            groups.append(
                some.select(
                    entity=pl.col(key).min().over(by), occurrence=pl.lit(name), row=pl.col("row_key"),
                    value=pl.len().over(by).cast(pl.Float64), field=pl.lit(name), own=pl.col(key),
                )
            )  # fmt: skip
        found = pl.concat(groups)
        shown.append(evidence(found.sort("entity", "own"), table, "value", "row", pl.col("field")))
        first = found.unique(["entity", "occurrence"], keep="first", maintain_order=True).with_columns(
            found=pl.lit(value=True)
        )
        rest = rows.filter(~pl.col(key).is_in(found["own"].implode())).select(
            entity=pl.col(key), occurrence=pl.lit(""), found=pl.lit(value=False)
        )
        both = pl.concat([first, rest], how="diagonal").with_columns(entity_table=pl.lit(table))
        fund = pl.col("entity") if table == "partner_fund" else pl.lit(None, dtype=pl.String)
        parts.append(both.with_columns(fund.alias(FUND), limit_value=pl.lit(1.0), unit=pl.lit("count")))
    every = bound(pl.concat(parts, how="diagonal"), rule_rows(tables, "SUSPECT_DUPLICATE"), as_of)
    return examined([every.with_columns(found=settled(pl.col("found")))], shown)


def bad_code(tables: Tables, as_of: date) -> Examined:
    """BAD_CODE: a USCC or Association code of wrong form or check digit, a district or industry that was unknown on the day.

    Occurrence: the field. Older entities may bear a registration number of 13 or 15 digits instead of a USCC; offshore ones (funds not in
    CNY) are exempt. A district is judged where the table of divisions holds its city; in others it is incomplete. A code of another time
    (临安区 330112 before 2017-10) is found. Codes that are empty are not examined: see UNFILED.
    """
    every = pl.concat(
        [
            _codes(tables, "partner_fund", FUND, "uscc", "统一社会信用代码"),
            _codes(tables, "manager", "manager_id", "uscc", "统一社会信用代码"),
            _codes(tables, "company", "company_id", "uscc", "统一社会信用代码"),
            _codes(tables, "partner_fund", FUND, "amac_code", "协会编码"),
            _codes(tables, "manager", "manager_id", "amac_no", "协会编码"),
            _places(tables, as_of, "partner_fund", FUND, "district"),
            _places(tables, as_of, "company", "company_id", "district"),
            _places(tables, as_of, "company", "company_id", "operating_district"),
            _lines(tables, as_of),
        ]
    )
    rules = [
        bound(every.filter(pl.col("criterion") == criterion), rule_rows(tables, "BAD_CODE", criterion), as_of)
        for criterion in ("统一社会信用代码", "协会编码", "行政区划", "行业代码")
    ]
    rows = pl.concat(rules).with_columns(found=settled(pl.col("found")), field="occurrence")
    fund = pl.when(pl.col("entity_table") == "partner_fund").then("entity")
    rows = rows.with_columns(fund.alias(FUND)).sort("entity_table", "entity", "field")
    found = rows.filter(pl.col("found"))
    rest = rows.join(
        found.select("entity_table", "entity"),
        on=["entity_table", "entity"],
        how="anti",
        maintain_order="left",
    )
    unknown = rest.filter(pl.col("found").is_null())
    first = rest.sort("entity_table", "entity", pl.col("found").is_not_null()).unique(
        ["entity_table", "entity"], keep="first", maintain_order=True
    )
    first = first.with_columns(occurrence=pl.lit(""), rule_key=pl.lit(None, dtype=pl.String))
    shown = [
        evidence(part.filter(pl.col("entity_table") == table), table, role, field=pl.col("field"))
        for part, role in ((found, "value"), (unknown.with_columns(occurrence=pl.lit("")), "missing"))
        for table in ("partner_fund", "manager", "company")
    ]
    return examined([found, first], shown)


def _judged(
    rows: pl.DataFrame, table: str, key: str, field: str, criterion: str, found: pl.Series | list[bool | None]
) -> pl.DataFrame:
    return rows.select(
        entity_table=pl.lit(table), entity=pl.col(key), occurrence=pl.lit(field), row_key=pl.col("row_key"),
        criterion=pl.lit(criterion), found=pl.Series(found, dtype=pl.Boolean),
    )  # fmt: skip


def _codes(tables: Tables, table: str, key: str, field: str, criterion: str) -> pl.DataFrame:
    """Judge codes by their form and check digit."""
    rows = tables[table].filter(pl.col(field).is_not_null())
    if "currency" in rows.columns:
        rows = rows.filter(pl.col("currency") == "CNY")
    found = ~_VALID[field](rows[field])
    if field == "uscc":
        since = next((name for name in ("established_on", "founded_on") if name in rows.columns), None)
        early = (rows[since] < USCC_FROM).fill_null(value=True) if since else True
        found &= ~(folded(rows[field]).str.contains(_OLDER) & early)
    return _judged(rows, table, key, field, criterion, found)


def _places(tables: Tables, as_of: date, table: str, key: str, field: str) -> pl.DataFrame:
    """Judge districts by the divisions valid on the day."""
    rows = tables[table].filter(pl.col(field).is_not_null())
    known = tables["district"]
    begun = (pl.col("valid_from") <= as_of) & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= as_of))
    now = known.filter(begun)
    right = {*now["code"], *now["name"]}
    ever = {*known["code"], *known["name"]}
    cities = {code[:4] for code in known["code"]}
    read = dict(districts_at(known, rows[field], as_of).select("written", "code").iter_rows())
    said: dict[str, bool | None] = {}
    for text in set(rows[field]):
        plain = "".join(text.split())
        digits = plain.isdecimal()
        if plain[:6] in right or plain in right or (not digits and read.get(text) and plain not in ever):
            said[text] = False
        elif (
            (digits and len(plain) < 6)
            or plain in ever
            or (digits and (plain[:6] in ever or (plain[:4] in cities and not plain[:6].endswith("00"))))
        ):
            said[text] = True
        else:
            said[text] = None
    return _judged(rows, table, key, field, "行政区划", [said[text] for text in rows[field]])


def _lines(tables: Tables, as_of: date) -> pl.DataFrame:
    """Judge industry codes by the editions of GB/T 4754 that the ledger holds."""
    rows = tables["company"].filter(pl.col("industry").is_not_null())
    table = tables["industry"].filter(pl.col("valid_from") <= as_of)
    table = tables["industry"] if table.is_empty() else table
    lines = industries_at(table, rows["industry"], as_of)
    known = dict(lines.select("written", pl.col("edition").is_not_null()).iter_rows())
    untold = tables["industry"].is_empty()
    judged = [None if untold else not known.get(text, False) for text in rows["industry"]]
    return _judged(rows, "company", "company_id", "industry", "行业代码", judged)
