"""Findings: the board by rule, the list, a fund's page under `?fund=`, one finding under `?finding=`."""

from fundtrack.ui import deciding, findings
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import empty, esc, link, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.reports_of import findings_of, funds_in

seen = view()
wanted, fund = given("finding"), given("fund")
kept = {name: given(name) for name in KEPT}
if seen is None:
    head(t("page.findings"))
    nothing_yet()
else:
    report = findings_of(seen)
    if seen.guidance and not wanted:
        report = report.only(funds_in(seen))
    if wanted:
        found = next((row for row in report.rows.to_dicts() if row["finding_id"] == wanted), None)
        title = report.name(found["rule_id"], lang()) if found else t("page.findings")
        head(title, t(f"rule.{found['rule_id']}.finds") if found else "", filters=None)
        deciding.draw_done()
        show(link(t("findings.back"), "findings", **kept))
        if found is None:
            show(empty(t("findings.unknown", id=wanted)))
        else:
            findings.draw_one(report, found, seen.ledger)
            deciding.draw_form(found, seen)
    else:
        named = report.rows.filter(report.rows["partner_fund_id"] == fund)["fund"].to_list() if fund else []
        head(
            t("findings.of_fund", fund=named[0]) if named else t("page.findings"),
            t("findings.intro"),
            filters=("guidance",),
        )
        if seen.guidance:
            say_soft(t("filters.funds_of_guidance"))
        if fund:
            show(link(t("findings.back"), "findings", **kept))
        else:
            show(f'<p class="lead">{findings.summary(report)}</p>', f"<h2>{esc(t('findings.board'))}</h2>")
            findings.draw_board(report)
        show(f"<h2>{esc(t('findings.list'))}</h2>")
        findings.draw_list(report, findings.answer(report, findings.ask(report), fund))
    foot(seen)
