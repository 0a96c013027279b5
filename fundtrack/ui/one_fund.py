"""A partner fund's page: its terms, its participations, and every dated row that the ledger holds of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from polars import DataFrame

from fundtrack.model.rows import TABLES
from fundtrack.text.numbers import percent, unknown, wan
from fundtrack.text.say import sentences
from fundtrack.ui import fund_more
from fundtrack.ui.context import View
from fundtrack.ui.figures import currency_col, times_text
from fundtrack.ui.html import Col, empty, esc, facts, grid, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.reports_of import findings_of, fund_page_of
from fundtrack.ui.traced import traced
from fundtrack.ui.values import column_of, shown_as

Line = Mapping[str, Any]

FACTS: Final = (
    "manager_id", "gp_name", "legal_form", "district", "custodian", "uscc", "amac_code", "currency", "committed_size",
    "established_on", "filed_on", "investment_end", "term_end", "fee_rate", "fee_base",
)  # fmt: skip
AMOUNTS: Final = ("target_size", "committed_size", "paid_in", "guidance_committed", "guidance_paid_in")
TERMS: Final = (
    "guidance_fund_id", "approved_on", "approval_no", "signed_on", "commitment", "currency", "cap_ratio",
    "reinvest_kind", "reinvest_required", "reinvest_due", "early_min", "concession_kind", "concession_years",
    "dropped_on", "dropped_why",
)  # fmt: skip
_REPORTED: Final = (
    "period kind due_on committed paid_in invested distributed net_assets guidance_share irr_reported multiple_reported"
    " currency opinion note"
)
_SHOWN: Final = {
    "investor_commitment": ("effective_on", "investor kind reason amount currency"),
    "cash_flow": ("occurred_on", "kind due_on due_amount amount principal income currency participation_id"),
    "valuation": ("valued_on", "nav method currency participation_id"),
    "fund_paid_in": ("paid_on", "call_no investor due_on due_amount amount currency"),
    "investment": ("invested_on", "company_id round stage amount currency stake instrument"),
    "fund_report": ("filed_on", _REPORTED),
    "fund_change": ("effective_on", "kind before after approval_no"),
}
SECTIONS: Final = tuple((table, day, (day, *fields.split())) for table, (day, fields) in _SHOWN.items())
"""Table, the date of its events, the fields shown."""


def rows_of(
    ledger: Mapping[str, DataFrame], table: str, fund: str, day: str, as_of: date
) -> list[dict[str, Any]]:
    """The rows of a fund until a day, newest first; those without a date stand last."""
    frame = ledger[table]
    if "partner_fund_id" in frame.columns:
        frame = frame.filter(frame["partner_fund_id"] == fund)
    else:
        stakes = ledger["participation"]
        own = stakes.filter(stakes["partner_fund_id"] == fund)["participation_id"].to_list()
        frame = frame.filter(frame["participation_id"].is_in(own))
    frame = frame.filter((frame[day] <= as_of).fill_null(value=True))
    return frame.sort(day, descending=True, nulls_last=True, maintain_order=True).to_dicts()


def names_of(ledger: Mapping[str, DataFrame], table: str, key: str) -> dict[str, str]:
    """The names of entities by id."""
    return dict(ledger[table].select(key, "name").iter_rows())


def _named(names: Mapping[str, str], of: str) -> str:
    return names.get(of, of)


def _person(row: Line) -> str:
    return t("funds.person") if row["kind"] == "natural_person" else str(row["investor"])


def _columns(
    table: str, fields: Sequence[str], rows: Sequence[Line], names: Mapping[str, Mapping[str, str]]
) -> list[Col]:
    """The fields as columns, entities by name, those that no row has left out."""
    made = []
    for name in fields:
        if all(row[name] is None for row in rows):
            continue
        column = column_of(table, name)
        if name in names:
            made.append(plain_col(t(f"funds.fact_{name}"), name, "text", partial(_named, names[name])))
        elif table == "investor_commitment" and name == "investor":
            made.append(Col(column.title, lambda row: esc(_person(row))))
        else:
            made.append(column)
    return made


def _facts(table: str, fields: Sequence[str], row: Line, names: Mapping[str, Mapping[str, str]]) -> str:
    """The fields that are known, entities and districts by name."""
    pairs = []
    for name in fields:
        if row[name] is None:
            continue
        own = f"funds.fact_{name}"
        title = t(own) if own in sentences(lang()) else column_of(table, name).title
        pairs.append(
            (title, esc(_named(names[name], row[name])) if name in names else shown_as(table, name, row))
        )
    return facts(pairs)


def draw_terms(seen: View, fund: Line) -> None:
    """What the fund is, and on which terms the guidance funds are in it."""
    ledger = seen.ledger
    names = {
        "manager_id": names_of(ledger, "manager", "manager_id"),
        "guidance_fund_id": names_of(ledger, "guidance_fund", "guidance_fund_id"),
        "district": names_of(ledger, "district", "code"),
    }
    show(f"<h2>{esc(t('funds.about'))}</h2>", _facts("partner_fund", FACTS, fund, names))
    show(f"<h2>{esc(t('funds.terms'))}</h2>")
    for stake in rows_of(ledger, "participation", str(fund["partner_fund_id"]), "applied_on", seen.as_of):
        show(f"<h3>{esc(stake['participation_id'])}</h3>", _facts("participation", TERMS, stake, names))


def draw_returns(stakes: Sequence[Line], guidance: Mapping[str, str]) -> None:
    """What each participation paid, got back and still holds, and the ratios of it."""
    if not stakes:
        show(empty(t("funds.none_of")))
        return

    def amount(name: str) -> Col:
        return Col(
            t(f"funds.stake_{name}"),
            lambda row: traced(wan(row[name], lang()), name, row["participation_id"]),
            "num",
        )

    def multiple(name: str) -> Col:
        return Col(
            name.upper(),
            lambda row: traced(times_text(row[name]), name, row["participation_id"]),
            "num",
        )

    columns = [
        Col(
            t("funds.guidance"),
            lambda row: esc(guidance.get(row["guidance_fund_id"], row["guidance_fund_id"])),
        ),
        currency_col(),
        *(amount(name) for name in ("commitment", "paid_in", "distributed", "nav", "unfunded")),
        Col(t("funds.stake_nav_on"), lambda row: esc(row["nav_on"]), "fix"),
        *(multiple(name) for name in ("dpi", "rvpi", "tvpi")),
        Col(
            t("funds.stake_irr"),
            lambda row: traced(irr_text(row), irr_name(row), row["participation_id"]),
            "num",
        ),
    ]
    show(grid(stakes, columns, label=t("funds.stakes")), f'<p class="soft">{esc(t("funds.stakes_help"))}</p>')


def irr_name(row: Line) -> str:
    """The metric that is shown of an IRR: under one year the return of the period."""
    return "period_return" if row["irr_status"] == "not_annualised" else "irr"


def irr_text(row: Line) -> str:
    """An IRR with its verdict: a rate only where there is one, else why there is none."""
    verdict = row["irr_status"]
    if verdict == "ok":
        return percent(row["irr"], lang())
    if verdict == "not_annualised":
        return t("funds.irr_not_annualised", rate=percent(row["period_return"], lang()))
    return t(f"funds.irr_{verdict}") if verdict else unknown(lang())


def draw_sections(seen: View, fund_id: str) -> None:
    """Every dated table of the fund."""
    ledger = seen.ledger
    names = {"company_id": names_of(ledger, "company", "company_id")}
    for table, day, fields in SECTIONS:
        rows = rows_of(ledger, table, fund_id, day, seen.as_of)
        info = TABLES[table].info
        title = str(getattr(info, lang()))
        body = (
            grid(rows, _columns(table, fields, rows, names), label=title, tall=True)
            if rows
            else empty(t("funds.none_of"))
        )
        show(f"<h2>{esc(title)}</h2>", body)
        if rows and table == "fund_report":
            say_soft(t("mapping.reported"))


def draw(seen: View, summary: Line, stakes: Sequence[Line], guidance: Mapping[str, str]) -> None:
    """The whole page of a fund."""
    ledger = seen.ledger["partner_fund"]
    fund_id = str(summary["partner_fund_id"])
    draw_sizes(summary)
    say_soft(t("ui.unit_line"))
    show(f"<h2>{esc(t('funds.stakes'))}</h2>")
    draw_returns(stakes, guidance)
    page = fund_page_of(seen, fund_id)
    fund_more.draw_curve(page, fund_id)
    fund_more.draw_findings(findings_of(seen), fund_id)
    draw_terms(seen, ledger.filter(ledger["partner_fund_id"] == fund_id).row(0, named=True))
    fund_more.draw_projects(page)
    draw_sections(seen, fund_id)
    fund_more.draw_documents(page)


def draw_sizes(summary: Line) -> None:
    """The sizes on the day, each under its own name."""
    pairs = [
        (t(f"funds.{name}"), traced(wan(summary[name], lang()), name, summary["partner_fund_id"]))
        for name in AMOUNTS
    ]
    pairs += [
        (t(f"funds.{name}"), traced(percent(summary[name], lang()), name, summary["partner_fund_id"]))
        for name in ("paid_in_rate", "guidance_share")
    ]
    show(facts(pairs))
