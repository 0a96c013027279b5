"""How published figures look: each beside ours on its day and on the day looked at, with source and reason."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from fundtrack.reports.published import Published
from fundtrack.text.numbers import YI, plain, scaled, unknown
from fundtrack.ui.html import Col, esc, grid, link, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import traced


def figure_text(fact: Published, value: object) -> str:
    """A value in the unit of the fact."""
    if not isinstance(value, Decimal | float | int):
        return unknown(lang()) if fact.figure else t("published.not_counted")
    if fact.currency:
        return _exact(value)
    if not fact.unit:
        return plain(value, lang(), 2) + "×"
    return plain(value, lang()) + (fact.unit if lang() == "zh" else "")


def _exact(value: Decimal | float) -> str:
    """An amount in yuan as exactly as sources give theirs."""
    if lang() == "zh":
        return t("progress.yi", number=scaled(value, lang(), YI, 2, fixed=False))
    return f"¥{scaled(value, lang(), YI + 1, 3, fixed=False)} bn"


def draw(rows: Iterable[Published], as_of: date | None) -> None:
    """The table."""
    listed = [{"fact": fact} for fact in rows]

    def ours(name: str) -> Col:
        title = t("published.then") if name == "ours_then" else t("published.now", day=as_of or "")

        def cell(row: dict[str, Published]) -> str:
            fact = row["fact"]
            if name == "ours_then" and fact.figure and (fact.day is None or (as_of and fact.day > as_of)):
                return esc(t("published.no_day" if fact.day is None else "published.ahead"))
            text, when = figure_text(fact, getattr(fact, name)), fact.day if name == "ours_then" else None
            return traced(text, fact.figure, "", fact.currency or "CNY", when) if fact.figure else esc(text)

        return Col(title, cell, "num")  # type: ignore[arg-type]

    columns = [
        Col(t("published.head_what"), lambda row: esc(row["fact"].says("what", lang())), "text"),
        Col(t("published.day"), lambda row: esc(row["fact"].day or t("published.no_day")), "fix"),
        Col(
            t("published.said"),
            lambda row: f"<b>{esc(figure_text(row['fact'], row['fact'].value))}</b>",
            "fix",
        ),
        ours("ours_then"),
        ours("ours_now"),
        Col(t("published.head_why"), lambda row: esc(row["fact"].says("why", lang())), "wide"),
        Col(t("published.head_source"), lambda row: esc(row["fact"].says("source", lang())), "text"),
    ]
    show(grid(listed, columns, label=t("page.published")))


def draw_reasons() -> None:
    """The five questions that decide a number, and where each definition stands."""
    items = "".join(f"<li>{esc(t(f'published.reason_{n}'))}</li>" for n in range(1, 7))
    show(f"<ol>{items}</ol>")
    show(f"<p>{link(t('indicators.all'), 'dictionary', lang=lang())}</p>")
    say_soft(t("published.never"))
