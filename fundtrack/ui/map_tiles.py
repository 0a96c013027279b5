"""How the schematic map of districts looks: a grid of tiles, darker for more money, each with its figures and its trace."""

from collections.abc import Sequence
from typing import Final

from fundtrack.reports.companies import CompaniesReport
from fundtrack.reports.district_map import DistrictMap, Tile, district_map
from fundtrack.reports.plan_words import money
from fundtrack.ui.context import View
from fundtrack.ui.figures import share_text
from fundtrack.ui.html import empty, esc, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import traced

_STEPS: Final = 5
"""Shades beside that of nothing; the figures stand in each tile, so that no shade has to be told apart."""


def draw(seen: View, report: CompaniesReport) -> None:
    """The map in CNY, with what lies outside the city and what is not told."""
    if report.as_of is None:
        return
    groups = report.groups.filter(by="district")
    found = district_map(seen.ledger["district"], groups, report.as_of, seen.unit or "CNY")
    if not found.tiles:
        show(empty(t("map.none")))
        return
    show(tiles(found, seen.unit or "CNY"))
    say_soft(t("map.note", day=report.as_of))


def tiles(found: DistrictMap, currency: str) -> str:
    """The grid."""
    most = max((float(tile.value or 0) for tile in found.tiles), default=0.0)
    left = min(tile.column for tile in found.tiles)
    cells = "".join(_cell(tile, most, currency, left) for tile in _reading(found.tiles))
    beside = "".join(
        f"<div><span>{esc(t(f'map.{name}'))}</span> <b>{esc(money(value, currency, lang()))}</b></div>"
        for name, value in (("outside", found.outside), ("unknown", found.unknown))
        if value
    )
    return f'<div class="tiles" role="list" aria-label="{esc(t("map.label"))}">{cells}</div><div class="tiles-beside soft">{beside}</div>'


def _reading(given: Sequence[Tile]) -> list[Tile]:
    """In the order of reading, for those who hear the map."""
    return sorted(given, key=lambda tile: (tile.row, tile.column))


def _cell(tile: Tile, most: float, currency: str, left: int) -> str:
    value = float(tile.value or 0)
    shade = 0 if not value or not most else 1 + min(int(_STEPS * value / most), _STEPS - 1)
    figure = (
        traced(money(tile.value, currency, lang()), "district:guidance_invested", tile.code, currency)
        if tile.value is not None
        else "—"
    )
    detail = (
        t("map.tile", share=share_text(tile.share), companies=tile.companies)
        if tile.value is not None
        else t("map.nothing")
    )
    return (
        f'<div role="listitem" class="tile s{shade}" style="grid-column:{tile.column - left + 1};grid-row:{tile.row + 1}">'
        f"<b>{esc(tile.name)}</b><span>{figure}</span><small>{esc(detail)}</small></div>"
    )  # fmt: skip
