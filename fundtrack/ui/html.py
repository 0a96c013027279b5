"""Pieces of HTML: every word from outside is escaped here, once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from typing import Any, Final, Literal
from urllib.parse import urlencode

import streamlit as st

from fundtrack.ui.language import lang

Row = Mapping[str, Any]
Kind = Literal["text", "num", "num said", "fix", "wide"]
_FEW: Final = 10
_ROW: Final = 30
_TALL: Final = 510
"""Pixels: a row of a table, and the height (34rem of 15 px) at which a tall one scrolls within itself."""


@dataclass(frozen=True)
class Col:
    """A column of a table: its title, what it shows of a row (HTML), and how it is set."""

    title: str
    cell: Callable[[Row], str]
    kind: Kind = "text"


def plain_col(
    title: str, name: str, kind: Kind = "text", words: Callable[[Any], object] = lambda value: value
) -> Col:
    """A column that shows a field of its rows, in words where it has some; unknown is empty."""
    return Col(title, lambda row: esc(None if row[name] is None else words(row[name])), kind)


def esc(text: object) -> str:
    """Text as HTML; unknown is empty.

    >>> esc("A<b>"), esc(None)
    ('A&lt;b&gt;', '')
    """
    return "" if text is None else escape(str(text))


def written(text: object, language: str = "") -> str:
    """Text as it was written, whatever the page speaks: a header of a file, a name in Chinese; readers aloud are told.

    >>> written("认缴规模", "zh"), written(None)
    ('<span lang="zh">认缴规模</span>', '')
    """
    return f'<span lang="{language}">{esc(text)}</span>' if text else ""


_WRITTEN: Final[ContextVar[list[str] | None]] = ContextVar("written", default=None)
"""What is drawn while a part is written down to be drawn again."""


def show(*parts: str) -> None:
    """Draw HTML in the house style."""
    made = f'<div class="ft" lang="{lang()}">{"".join(parts)}</div>'
    written_down = _WRITTEN.get()
    if written_down is None:
        st.html(made)
    else:
        written_down.append(made)


def show_parts(parts: Sequence[str]) -> None:
    """Draw what was written down as one element, or write it down again."""
    written_down = _WRITTEN.get()
    if written_down is not None:
        written_down.extend(parts)
    elif parts:
        st.html(parts[0] if len(parts) == 1 else f'<div class="parts">{"".join(parts)}</div>')


@contextmanager
def writing_down() -> Iterator[list[str]]:
    """Write down what is drawn within, instead of drawing it."""
    held: list[str] = []
    token = _WRITTEN.set(held)
    try:
        yield held
    finally:
        _WRITTEN.reset(token)


def must_be_live() -> None:
    """Refuse what asks the reader, or is no HTML, within what is only written down once.

    Raises:
        RuntimeError: where it is; a programmer's mistake.
    """
    if _WRITTEN.get() is not None:
        raise RuntimeError("drawn once, but it holds more than HTML")


def say_soft(text: str) -> None:
    """Draw a quiet note."""
    show(f'<p class="soft">{esc(text)}</p>')


def section(title: str, *notes: str) -> tuple[str, ...]:
    """A section's title with the notes under it, for one drawing.

    >>> section("甲", "说明", "")
    ('<h2>甲</h2>', '<p class="soft">说明</p>')
    """
    return (f"<h2>{esc(title)}</h2>", *(f'<p class="soft">{esc(note)}</p>' for note in notes if note))


def link(text: str, page: str = "", **query: object) -> str:
    """A link to a page of the dashboard with what it shall show.

    >>> link("甲<", "funds", fund="PF1", lang="zh")
    '<a href="funds?fund=PF1&amp;lang=zh">甲&lt;</a>'
    """
    given = {name: value for name, value in query.items() if value not in {None, ""}}
    address = f"{page}?{urlencode(given)}" if given else page
    return f'<a href="{escape(address)}">{esc(text)}</a>'


def line(row: Row, columns: Sequence[Col]) -> str:
    """A line of a table."""
    cells = "".join(f'<td class="{column.kind}">{column.cell(row)}</td>' for column in columns)
    return f"<tr>{cells}</tr>"


def grid(rows: Iterable[Row], columns: Sequence[Col], *, label: str, tall: bool = False) -> str:
    """A table: numbers to the right, headers that stay in sight, scrolling within itself on a small screen."""
    return framed([line(row, columns) for row in rows], columns, label=label, tall=tall)


def framed(lines: Sequence[str], columns: Sequence[Col], *, label: str, tall: bool = False) -> str:
    """The same of lines that are written already."""
    heads = "".join(f'<th class="{column.kind}" scope="col">{esc(column.title)}</th>' for column in columns)
    frame = "scroll tall" if tall else "scroll"
    # A long table that is not in sight is neither laid out nor painted: until it is, the browser takes this for its height.
    later = (
        f' style="content-visibility:auto;contain-intrinsic-height:auto {_height(len(lines), tall=tall)}px"'
        if len(lines) > _FEW
        else ""
    )
    return (
        f'<div class="{frame}"{later} tabindex="0" role="region" aria-label="{escape(label)}"><table class="grid">'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _height(rows: int, *, tall: bool) -> int:
    """Pixels that a table of so many rows takes, its head included."""
    whole = _ROW * (rows + 1) + 4
    return min(whole, _TALL) if tall else whole


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values side by side; the values are HTML."""
    items = "".join(f"<div><dt>{esc(name)}</dt><dd>{value}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{items}</dl>'


def empty(text: str) -> str:
    """What stands where there is nothing to show."""
    return f'<div class="empty">{esc(text)}</div>'
