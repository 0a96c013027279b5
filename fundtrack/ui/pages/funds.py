"""Partner funds: the list with its filters, and each fund's own page under `?fund=`."""

from fundtrack.ui import funds_table, one_fund
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.context import view
from fundtrack.ui.filters import FILTERS
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.funds_listing import listing
from fundtrack.ui.html import empty, link, show
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import funds_of

seen = view()
fund = given("fund")
kept = {name: given(name) for name in KEPT}
if seen is None:
    head(t("page.funds"))
    nothing_yet()
else:
    report = funds_of(seen)
    funds = listing(report)
    guidance = one_fund.names_of(seen.ledger, "guidance_fund", "guidance_fund_id")
    found = next((row for row in funds.rows if row["partner_fund_id"] == fund), None)
    if not fund:
        head(t("page.funds"), t("funds.intro"), filters=FILTERS)
        funds_table.listed(funds, seen.guidance, seen.unit, kept)
    elif found is None:
        head(t("page.funds"))
        show(empty(t("funds.unknown_fund", fund=fund)), link(t("funds.back"), "funds", **kept))
    else:
        head(found["name"], funds_table.stage_line(found), filters=None)
        show(link(t("funds.back"), "funds", **kept))
        one_fund.draw(seen, found, report.participations.filter(partner_fund_id=fund).to_dicts(), guidance)
    foot(seen)
