"""省级汇总: targets by city, the ranking, what cities share; a city under `?city=`, how a figure is made up under `?figure=`."""

from fundtrack.settings import settings_now
from fundtrack.ui.address import given
from fundtrack.ui.frame import head
from fundtrack.ui.html import empty, esc, say_soft, show
from fundtrack.ui.language import t

if not settings_now().lake:  # the lake's own libraries are read only where there is one
    head(t("page.province"), dated=False, filters=None)
    show(empty(t("province.no_lake")))
else:
    from fundtrack.ui import province_city, province_tables, provinces

    what = provinces.asked()
    city, figure = given("city"), given("figure")
    found = provinces.city_of(what, city) if city else None
    head(found.name if found else t("page.province"), t("province.intro"), dated=False, filters=None)
    if city or figure:
        show(f'<p><a href="{esc(provinces.to())}">{esc(t("province.back"))}</a></p>')
    else:
        what = provinces.choose(what)
    report = provinces.rolled(what)
    if provinces.is_example(what):
        show(f'<p class="demo">{esc(t("province.example"))}</p>')
    say_soft(t("province.said", cities=len(report.sources), day=report.as_of, uri=what.uri))
    if found:
        province_city.draw(report, what, found)
    elif figure:
        province_tables.draw_figure(report, figure, given("of"), given("plan"), what)
    else:
        for name in ("regions", "ranking", "shared", "sources", "definitions"):
            show(f"<h2>{esc(t(f'province.{name}'))}</h2>")
            province_tables.SECTIONS[name](report)
