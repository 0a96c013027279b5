"""How changes between two editions look: which editions, batches between, figures old and new, rows and fields."""

from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st

from fundtrack.reports.changes import ChangesReport, changes_report
from fundtrack.reports.changes_lines import CHANGES, FIGURES, change_line, figure_lines, summary
from fundtrack.service.scope import Sight
from fundtrack.store.ledger import Ledger
from fundtrack.store.trace import address
from fundtrack.ui.address import KEPT, given, pick
from fundtrack.ui.context import View, kept
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.html import Col, empty, esc, grid, link, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.loaded import draw_batches

_SHOWN: Final = 500


def _changes(ledger: Ledger, as_of: date, more: tuple[Sight, int]) -> ChangesReport:
    """What changed since so many editions before: asked so, the same question is asked of the next edition, ahead of its readers."""
    sight, back = more
    with sight.store.ledger((ledger.edition or 0) - back).held() as earlier, ledger.held() as later:
        return changes_report(earlier, later, as_of)


def ask(seen: View) -> tuple[int, int]:
    """Which two editions; what is asked stands in the address. By default the one looked at and the one before."""
    editions = tuple(range(seen.newest, 0, -1))
    left, right = st.columns(2)
    with right:
        second = pick("to", t("changes.second"), editions, lambda n: t("ui.edition_n", n=n), seen.edition)
    with left:
        first = pick(
            "from", t("changes.first"), editions, lambda n: t("ui.edition_n", n=n), max(1, second - 1)
        )
    return min(first, second), max(first, second)


def draw(seen: View, first: int, second: int) -> None:
    """What changed from one edition to the other, both on the page's day."""
    with st.spinner(t("trace.page.reading")):
        report = kept(replace(seen, edition=second), _changes, (seen.sight, second - first))
    _draw_found(report)


@drawn_once
def _draw_found(report: ChangesReport) -> None:
    """Batches, figures, then rows and fields."""
    show(f"<p><b>{esc(summary(report, lang()))}</b></p>")
    if not report.batches.height:
        show(empty(t("changes.none")))
        return
    show(f"<h2>{esc(t('changes.batches'))}</h2>")
    draw_batches(report.batches)
    if report.figures:
        _, rows, _ = figure_lines(report, lang())
        columns = [Col(t(f"changes.{name}"), lambda row, at=at: esc(row["texts"][at]), "num" if at > 1 else "text")  # type: ignore[misc]
                   for at, name in enumerate(FIGURES)]  # fmt: skip
        show(
            f"<h2>{esc(t('changes.figures'))}</h2>",
            grid([{"texts": row} for row in rows[:_SHOWN]], columns, label=t("changes.figures"), tall=True),
        )
        _cut(len(rows))
    _rows(report)


def _rows(report: ChangesReport) -> None:
    """Rows and fields, each cell leading to its trace."""
    along = {name: given(name) for name in KEPT}
    rows = []
    for one in report.changes[:_SHOWN]:
        texts = [esc(text) for text in change_line(one, lang())]
        if one.place is not None and one.place.cell and one.field:
            where = address(one.table, one.key, one.field)
            texts[-1] = link(one.place.cell, "trace", **along, figure=where, open=where)
        rows.append({"texts": texts})
    columns = [Col(t(f"changes.{name}"), lambda row, at=at: row["texts"][at], "num" if name in {"old", "now"} else "text")  # type: ignore[misc]
               for at, name in enumerate(CHANGES)]  # fmt: skip
    show(f"<h2>{esc(t('changes.rows'))}</h2>", grid(rows, columns, label=t("changes.rows"), tall=True))
    _cut(len(report.changes))


def _cut(count: int) -> None:
    if count > _SHOWN:
        say_soft(t("changes.cut", shown=_SHOWN))
