"""The data dictionary as a page shows it: every sheet of the workbook, column by column, in both languages."""

from collections.abc import Mapping
from typing import Any, Final

from polars import DataFrame

from fundtrack.metrics.catalog import CATALOG, Metric
from fundtrack.model.fields import Column
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.reports.own_sources import source_name
from fundtrack.text.say import sentences
from fundtrack.ui.html import Col, empty, esc, grid, plain_col, show, written
from fundtrack.ui.language import lang, t
from fundtrack.ui.loaded import local_time

ALL: Final = "all"
SHEETS: Final = (ALL, *TABLES)


def sheet_title(table: str) -> str:
    """The title of a sheet in both languages, and its name in the database."""
    if table == ALL:
        return t("about.all_sheets")
    info = TABLES[table].info
    return f"{info.zh} · {info.en} · {table}"


def _unit(column: Column) -> str:
    if column.kind == "money":
        return t("about.unit_money")
    return t(f"about.unit_{column.kind}") if column.kind in {"number", "share"} else ""


def _choices(column: Column) -> str:
    words = (
        choice.value if choice.value == choice.zh else f"{choice.value} {choice.zh}"
        for choice in column.choices
    )
    if lang() == "en":
        words = (
            f"{choice.value} {choice.en}" if choice.value != choice.en else choice.value
            for choice in column.choices
        )
    return "；".join(words) if lang() == "zh" else "; ".join(words)


def _row(table: str, column: Column) -> dict[str, Any]:
    refers = TABLES[column.refers].info if column.refers else None
    return {
        "sheet": getattr(TABLES[table].info, lang()), "zh": column.zh, "en": column.en, "name": column.name,
        "kind": t(f"template.kind.{column.kind}"), "unit": _unit(column),
        "marks": " ".join(t(f"about.{mark}") for mark in ("required", "key", "masked") if getattr(column, mark)),
        "choices": t("about.refers", sheet=getattr(refers, lang())) if refers else _choices(column), "source": column.source,
    }  # fmt: skip


def _matches(row: Mapping[str, Any], wanted: str) -> bool:
    return any(wanted.casefold() in str(value).casefold() for value in row.values())


def dictionary_rows(table: str, wanted: str) -> list[dict[str, Any]]:
    """The columns of a sheet, or of all, that hold a text somewhere."""
    tables = list(TABLES) if table == ALL else [table]
    rows = [_row(name, column) for name in tables for column in COLUMNS[name]]
    return [row for row in rows if _matches(row, wanted)]


def draw_dictionary(rows: list[dict[str, Any]]) -> None:
    """The columns, one a line."""
    if not rows:
        show(empty(t("ui.nothing_found")))
        return
    columns = [
        plain_col(t("about.sheet"), "sheet", "fix"),
        Col(t("about.zh"), lambda row: written(row["zh"], "zh"), "fix"),
        Col(t("about.en"), lambda row: written(row["en"], "en")),
        Col(t("about.name"), lambda row: f"<code>{esc(row['name'])}</code>", "fix"),
        plain_col(t("about.kind"), "kind", "fix"),
        plain_col(t("about.unit"), "unit"),
        plain_col(t("about.marks"), "marks", "fix"),
        plain_col(t("about.choices"), "choices", "wide"),
        Col(t("about.source"), lambda row: written(row["source"], "zh")),
    ]
    show(grid(rows, columns, label=t("about.dictionary"), tall=True))


def _figure_unit(figure: Metric) -> str:
    if figure.unit in {"money", "ratio", "text"}:
        return t(f"about.figure_{figure.unit}")
    noun = f"progress.noun.{figure.id}"
    return t(noun) if noun in sentences(lang()) else figure.unit


def draw_definitions() -> None:
    """Every figure with its definition, unit and source."""
    rows = [
        {"name": each.name(lang()), "formula": each.formula(lang()), "unit": _figure_unit(each), "source": each.source(lang())}
        for each in CATALOG.values()
    ]  # fmt: skip
    columns = [
        plain_col(t("about.measure"), "name", "fix"),
        plain_col(t("about.definition"), "formula", "wide"),
        plain_col(t("about.unit"), "unit", "fix"),
        plain_col(t("about.source"), "source"),
    ]
    show(grid(rows, columns, label=t("about.definitions"), tall=True))


def draw_editions(editions: DataFrame) -> None:
    """The editions, newest first."""
    columns = [
        Col(t("ui.edition"), lambda row: esc(row["edition"]), "num"),
        Col(t("load.at"), lambda row: esc(local_time(row["published_at"])), "fix"),
        Col(t("load.by"), lambda row: esc(row["published_by"]), "fix"),
        Col(t("about.last_batch"), lambda row: esc(row["last_batch_id"]), "fix"),
        Col(t("about.head"), lambda row: f"<code>{esc((row['head_hash'] or '')[:16])}</code>", "fix"),
    ]
    show(grid(editions.reverse().to_dicts(), columns, label=t("about.editions"), tall=True))


def draw_policies(policies: DataFrame) -> None:
    """Policies named in the plan, with their sources."""
    if policies.is_empty():
        show(empty(t("ui.nothing_found")))
        return
    columns = [
        Col(t("about.policy"), lambda row: esc(row[f"name_{lang()}"]), "fix"),
        Col(t("about.text"), lambda row: esc(row[f"text_{lang()}"]), "wide"),
        Col(t("about.source"), lambda row: esc(source_name(row["source"], lang()))),
    ]
    show(grid(policies.to_dicts(), columns, label=t("about.policies")))
