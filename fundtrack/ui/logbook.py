"""How the access log looks: days, a person and an outcome to choose, one line each, and the list to take away."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import streamlit as st

from fundtrack.errors import Problem
from fundtrack.reports.sheets import Page, comma_separated
from fundtrack.service import logbook
from fundtrack.text.problems import problem_sentence
from fundtrack.ui.address import pick, search
from fundtrack.ui.handing import hand_out
from fundtrack.ui.html import empty, esc, grid, plain_col, say_soft, show
from fundtrack.ui.identity import desk
from fundtrack.ui.language import lang, t

COLUMNS: Final = ("at", "name", "roles", "action", "what", "outcome", "edition", "from", "detail")
_ALL: Final = "all"
_SHOWN: Final = 500
_DAYS: Final = 30


def ask() -> tuple[list[dict[str, Any]], list[Problem]]:
    """The lines asked for, the newest first, and where the chain does not hold."""
    left, middle, right, last = st.columns(4)
    today = datetime.now(UTC).date()
    with left:
        first = st.date_input(
            t("access.first"), today - timedelta(days=_DAYS), format="YYYY-MM-DD", key="w_access_first"
        )
    with middle:
        until = st.date_input(t("access.last"), today, format="YYYY-MM-DD", key="w_access_last")
    with right:
        who = search("who", t("access.name"), t("access.who_hint"))
    with last:
        outcome = pick("outcome", t("access.outcome"), [_ALL, "done", "refused", "failed"], _outcome)
    return logbook.read(
        desk(), first if isinstance(first, date) else None, until if isinstance(until, date) else None, who=who,
        outcome=None if outcome == _ALL else outcome,
    )  # fmt: skip


def _outcome(code: str) -> str:
    return t("ui.all") if code == _ALL else t(f"access.outcome_{code}")


def draw_chain(lines: Sequence[dict[str, Any]], problems: Sequence[Problem]) -> None:
    """Whether the log is as it was written."""
    if not problems:
        say_soft(t("cli.access_good", count=len(lines)))
        return
    st.error(t("cli.access_bad", count=len(problems)))
    words = "".join(f"<li>{esc(problem_sentence(problem, lang()))}</li>" for problem in problems[:20])
    show(f"<ul>{words}</ul>")


def draw(lines: Sequence[dict[str, Any]]) -> None:
    """The lines."""
    if not lines:
        show(empty(t("access.none")))
        return
    texts = [[logbook.words(line, name, lang()) for name in COLUMNS] for line in lines]
    heads = tuple(t(f"access.{name}") for name in COLUMNS)
    page = Page("access", heads, texts)
    hand_out(t("access.take"), lambda: comma_separated([page]), "access.csv", "text/csv", key="access_csv")
    if len(texts) > _SHOWN:
        say_soft(t("load.cut", shown=_SHOWN, all=len(texts)))
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in texts[:_SHOWN]]
    columns = [
        plain_col(head, name, "fix" if name in {"at", "name"} else "text")
        for name, head in zip(COLUMNS, heads, strict=True)
    ]
    show(grid(rows, columns, label=t("page.access"), tall=True))
