"""How a trace looks: the figure, how it is made, its cells with what each contributes, and the table around a cell."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from fundtrack.errors import InputError
from fundtrack.load.origin import Picture, picture, raw_values
from fundtrack.metrics.lineage.figure import Figure, Part, total
from fundtrack.reports.backtest_trace import leads
from fundtrack.reports.trace import TraceReport, name_of, trace_report
from fundtrack.reports.trace_lines import cell_line, side_word, sides, whose
from fundtrack.reports.value_words import value_text
from fundtrack.service.scope import Sight
from fundtrack.store.trace import address, places, split_address
from fundtrack.text.numbers import plain
from fundtrack.ui.address import KEPT, given, search
from fundtrack.ui.context import View, ledger_of
from fundtrack.ui.html import Col, Kind, empty, esc, facts, grid, link, say_soft, show, written
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import traced

_SHOWN: Final = 500
_COLUMNS: Final[dict[str, Kind]] = {
    "role": "text", "day": "fix", "contribution": "num", "file": "text", "sheet": "fix", "cell": "fix", "header": "text",
    "raw": "num", "factor": "fix", "value": "num",
}  # fmt: skip


@st.cache_resource(max_entries=32, show_spinner=False)
def _report(data: Sight, edition: int, as_of: date, figure: str, of: str, currency: str) -> TraceReport:
    ledger = ledger_of(data, edition)
    store = data.store
    return trace_report(
        ledger, figure, of or None, as_of, currency or None,
        lambda found: raw_values(store.folders, found), store,
    )  # fmt: skip


def ask() -> tuple[str, str]:
    """Which figure is traced; what is asked stands in the address."""
    left, right = st.columns(2)
    with left:
        figure = search("figure", t("trace.page.figure"), t("trace.page.figure_hint"))
    with right:
        of = search("of", t("trace.page.of"), t("trace.page.of_hint"))
    return figure, of


def draw(seen: View, figure: str, of: str) -> None:
    """The trace of a figure, or what is wrong with the question."""
    with st.spinner(t("trace.page.reading")):
        report = _report(seen.sight, seen.edition, seen.as_of, figure, of, given("currency"))
    made, names = report.figure, name_of(report.figure, lang())
    value = value_text(made.value, made.currency, lang(), made.metric)
    pairs = [(names, f"<b>{esc(value)}</b>"), (t("trace.page.of"), esc(whose(made, lang()))),
             (t("trace.page.how"), esc(t(f"trace.how.{made.how}")))]  # fmt: skip
    if made.residual is not None:
        pairs.append((t("trace.page.residual"), esc(plain(made.residual, lang(), 6, fixed=True))))
    show(facts(pairs))
    if words := report.formula(lang()):
        show(f"<p>{esc(t('trace.line.formula', words=words))}</p>")
    opened = given("open")
    if opened:
        draw_picture(seen, opened)
    _cells(report, made, names)
    for depth, word, side in sides(made):
        called, name = side_word(word, lang()), name_of(side, lang())
        title = name if called == name else f"{called} · {name}"
        shown = value_text(side.value, side.currency, lang(), side.metric)
        how, own = t(f"trace.how.{side.how}"), leads(word, side)
        heading = traced(title, own) if own else esc(title)
        show(
            f'<h3 style="margin-left:{depth - 1}rem">{heading}{esc(t("trace.page.colon"))}{esc(shown)}</h3>',
            f'<p class="soft">{esc(how)}</p>',
        )
        _cells(report, side, title)
    if not report.places and not any(leads(word, side) for _, word, side in sides(made)):
        show(empty(t("trace.page.no_cells")))


def _cells(report: TraceReport, made: Figure, label: str) -> None:
    """The cells of a figure, its largest lists cut; of a sum what they add up to beneath."""
    parts = made.parts
    if not parts:
        return
    rows = [{"part": part, "texts": cell_line(report, part, lang())} for part in parts[:_SHOWN]]
    columns = [
        Col(t(f"trace.line.{name}"), _text(at), kind) for at, (name, kind) in enumerate(_COLUMNS.items())
    ]
    show(grid(rows, columns, label=label, tall=True))
    notes = [t("trace.page.count", count=len(parts))]
    if made.how == "sum":
        currency = made.currency
        notes.append(
            t(
                "trace.page.total",
                total=plain(total(parts), lang(), 2, fixed=True) + (f" {currency}" if currency else ""),
            )
        )
    if len(parts) > _SHOWN:
        notes.append(t("trace.page.cut", shown=_SHOWN))
    say_soft(" ".join(notes))


def _text(at: int) -> Callable[[Mapping[str, Any]], str]:
    """A column's text; the cell's address opens the file."""
    name = list(_COLUMNS)[at]
    if name == "cell":
        return _opening
    as_filed = name in {"file", "sheet", "header", "raw"}
    return lambda row: (written if as_filed else esc)(row["texts"][at])


def _opening(row: Mapping[str, Any]) -> str:
    """A cell's address as a link that opens the archived file there."""
    part: Part = row["part"]
    text = row["texts"][5]
    kept = {name: given(name) for name in (*KEPT, "figure", "of", "currency")}
    return link(text, "trace", **kept, open=address(part.table, part.key, part.field))


def draw_picture(seen: View, opened: str) -> None:
    """The archived file at a cell's row, as a picture of the surrounding table."""
    single = split_address(opened)
    found = places(seen.ledger, [single]) if single else {}
    if single is None or single not in found:
        show(empty(t("trace.page.no_cells")))
        return
    if seen.funds is not None:  # the file may hold rows of other guidance funds
        say_soft(t("identity.no_picture"))
        return
    place = found[single]
    try:
        shown = picture(seen.sight.store.folders, place)
    except InputError:
        shown = None
    title = " ! ".join(str(part) for part in (place.file, place.sheet, place.cell or place.row) if part)
    show(f"<h2>{esc(title)}</h2>")
    if shown is None:
        say_soft(t("trace.page.no_picture", batch=place.batch_id, sha=place.sha256[:16]))
        return
    show(_pictured(shown))
    say_soft(t("trace.page.archived", batch=place.batch_id, sha=place.sha256))


def _pictured(shown: Picture) -> str:
    """Rows and columns as the spreadsheet numbers them, the cell marked."""
    heads = "".join(
        f'<th class="{"at" if letter == shown.column else ""}">{esc(letter)}</th>' for letter in shown.columns
    )
    lines = []
    for number, texts in shown.rows:
        own = number == shown.row
        cells = "".join(
            f'<td class="{"at" if own and letter == shown.column else ""}">{esc(text)}</td>'
            for letter, text in zip(shown.columns, texts, strict=True)
        )
        lines.append(f'<tr class="{"row" if own else ""}"><th scope="row">{number}</th>{cells}</tr>')
    label = f"{shown.file} {shown.sheet} {shown.column or ''}{shown.row}"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{esc(label)}"><table class="picture">'
        f"<thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
