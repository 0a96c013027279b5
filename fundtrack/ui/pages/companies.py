"""Companies: look-through to where the money went, with what it explains of the NAV."""

from fundtrack.ui import companies, map_tiles
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import say_soft, show
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import companies_of

seen = view()
if seen is None:
    head(t("page.companies"))
    nothing_yet()
else:
    head(t("page.companies"), t("companies.intro"), filters=("unit",))
    report = companies_of(seen)
    for name, draw in companies.SECTIONS.items():
        show(f"<h2>{t(f'companies.{name}')}</h2>")
        say_soft(t(f"companies.{name}_help"))
        draw(report)
        if name == "totals":
            show(f"<h2>{t('map.title')}</h2>")
            map_tiles.draw(seen, report)
    foot(seen)
