"""Tables, views and macros of the database as a page shows them: what an auditor can ask, column by column, with its Chinese twin."""

from functools import cache
from typing import Any, Final

from fundtrack.reports.pack.tables import dictionary
from fundtrack.ui.html import Col, empty, esc, grid, plain_col, show, written
from fundtrack.ui.language import lang, t

USUAL: Final = "audit_changes"


@cache
def _listed() -> dict[str, list[tuple[str, str, str, str, str, str]]]:
    found: dict[str, list[tuple[str, str, str, str, str, str]]] = {}
    for row in dictionary():
        found.setdefault(row[0], []).append(row)
    return found


def object_names() -> list[str]:
    """Every table, view and macro, in order."""
    return list(_listed())


def object_title(name: str) -> str:
    """A name in the database with what it is, in the language spoken."""
    _, kind, twin, _, zh, en = _listed()[name][0]
    words = (zh if lang() == "zh" else en).split("：")[0].split(": ")[0]
    return f"{name} · {t(f'about.kind_{kind}')} · {words}" + (f" · zh.{twin}" if twin else "")


def object_rows(name: str) -> list[dict[str, Any]]:
    """The columns of a table, view or macro: name, Chinese twin's name, words."""
    return [
        {"name": column, "twin": twin, "words": zh if lang() == "zh" else en}
        for _, _, twin, column, zh, en in _listed()[name]
        if column
    ]


def draw_object(name: str) -> None:
    """What a table, view or macro is, and its columns, one a line."""
    head = _listed()[name][0]
    show(f'<p class="soft">{esc(head[4] if lang() == "zh" else head[5])}</p>')
    rows = object_rows(name)
    if not rows:
        show(empty(t("ui.nothing_found")))
        return
    columns = [
        Col(t("about.name"), lambda row: f"<code>{esc(row['name'])}</code>", "fix"),
        Col(t("about.twin"), lambda row: written(row["twin"], "zh"), "fix"),
        plain_col(t("about.words"), "words", "wide"),
    ]
    show(grid(rows, columns, label=t("about.objects"), tall=True))
