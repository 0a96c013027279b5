"""The list of participations: terms and money of each, narrowed by guidance fund, currency and words."""

from collections.abc import Mapping, Sequence
from typing import Any

from fundtrack.model.fields import name_key
from fundtrack.text.numbers import percent, wan
from fundtrack.ui.address import KEPT, given, search
from fundtrack.ui.context import View
from fundtrack.ui.figures import currency_col, times_text
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, empty, esc, grid, link, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.one_fund import irr_name, irr_text, names_of
from fundtrack.ui.paging import page_of
from fundtrack.ui.reports_of import funds_of
from fundtrack.ui.traced import traced, traced_field
from fundtrack.ui.values import shown_as

Row = Mapping[str, Any]


def rows_of(seen: View, words: str = "") -> list[dict[str, Any]]:
    """Every participation with its terms and figures, of the guidance fund and currency that are looked at, by id."""
    terms = {row["participation_id"]: row for row in seen.ledger["participation"].to_dicts()}
    funds = names_of(seen.ledger, "partner_fund", "partner_fund_id")
    guidance = names_of(seen.ledger, "guidance_fund", "guidance_fund_id")
    wanted = name_key(words)
    found = []
    for row in funds_of(seen).participations.to_dicts():
        if (seen.guidance and row["guidance_fund_id"] != seen.guidance) or (
            seen.unit and row["currency"] != seen.unit
        ):
            continue
        fund = funds.get(row["partner_fund_id"], row["partner_fund_id"])
        if wanted and wanted not in name_key(f"{fund} {row['participation_id']}"):
            continue
        names = {"fund": fund, "guidance": guidance.get(row["guidance_fund_id"], row["guidance_fund_id"])}
        found.append(terms[row["participation_id"]] | row | names)
    return sorted(found, key=lambda row: str(row["participation_id"]))


@narrowed
def listed(seen: View) -> None:
    """What a reader looks for, and the participations that answer."""
    draw(rows_of(seen, search("q", t("participations.search"), t("participations.search_hint"))))


def draw(rows: Sequence[Row]) -> None:
    """Two tables: the money of each participation, then the terms that were agreed."""
    say_soft(t("participations.found", count=len(rows)) + " " + t("ui.unit_line"))
    if not rows:
        show(empty(t("ui.nothing_found")))
        return
    rows = rows[page_of(len(rows))]
    show(
        f"<h2>{esc(t('participations.money'))}</h2>",
        grid(rows, _money(), label=t("participations.money"), tall=True),
    )
    say_soft(t("funds.stakes_help"))
    show(f"<h2>{esc(t('funds.terms'))}</h2>", grid(rows, _terms(), label=t("funds.terms"), tall=True))


def _named() -> list[Col]:
    kept = {name: given(name) for name in KEPT}
    fund = Col(
        t("participations.fund"),
        lambda row: link(str(row["fund"]), "funds", fund=row["partner_fund_id"], **kept),
        "wide",
    )
    return [plain_col(t("participations.id"), "participation_id", "fix"), fund]  # fmt: skip


def _money() -> list[Col]:
    def amount(name: str) -> Col:
        return Col(
            t(f"funds.stake_{name}"),
            lambda row: traced(wan(row[name], lang()), name, row["participation_id"]),
            "num",
        )

    def multiple(name: str) -> Col:
        return Col(
            name.upper(), lambda row: traced(times_text(row[name]), name, row["participation_id"]), "num"
        )

    return [
        *_named(), plain_col(t("funds.guidance"), "guidance"),
        currency_col(),
        *(amount(name) for name in ("commitment", "paid_in", "unfunded", "distributed", "nav")),
        Col(t("funds.stake_nav_on"), lambda row: esc(row["nav_on"]), "fix"),
        *(multiple(name) for name in ("dpi", "rvpi", "tvpi")),
        Col(t("funds.stake_irr"), lambda row: traced(irr_text(row), irr_name(row), row["participation_id"]), "num said"),
    ]  # fmt: skip


def _terms() -> list[Col]:
    def term(name: str, kind: Any = "fix") -> Col:
        title = t(f"participations.{name}")
        return Col(title, lambda row: "" if row[name] is None else shown_as("participation", name, row), kind)

    cap = Col(
        t("participations.cap_ratio"),
        lambda row: "" if row["cap_ratio"] is None else traced_field(percent(row["cap_ratio"], lang()), "participation", row, "cap_ratio"),
        "num",
    )  # fmt: skip
    return [
        *_named(), *(term(name) for name in ("approved_on", "signed_on", "dropped_on")), cap,
        *(term(name) for name in ("reinvest_kind",)), term("reinvest_required", "num"), term("reinvest_due"), term("early_min", "num"),
        term("concession_kind"), term("concession_years", "num"), term("remit_days", "num"),
    ]  # fmt: skip
