"""Every table and view of an edition as files: CSV for spreadsheets, delimited by pipes, and Parquet; the same bytes each time.

CSV: UTF-8 with byte order mark, commas, CRLF. Pipe-delimited: UTF-8 without mark, LF. Values are plain text: amounts with two
decimals, ISO 8601 dates, moments in UTC, `true` / `false`, empty where unknown. So that no spreadsheet takes a text for a
formula, a text that begins with = + - @, a tab or a line end (full width too, spaces and apostrophes before it aside) gets one
apostrophe in front, unless the whole of it is a number; columns of numbers are never touched, so that negative amounts stay.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from fundtrack.model.rows import TABLES
from fundtrack.store.definitions import all_definitions
from fundtrack.store.ledger import Ledger
from fundtrack.store.masking import Masking
from fundtrack.store.migrate import table_words

_FORMULA: Final = r"^['\s ]*[=+\-@\t\r\n＝＋－＠]"
_NUMBER: Final = r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$"
_SYSTEM: Final = ("batch", "batch_column", "edition", "schema_version", "view_text")


@dataclass(frozen=True)
class Packed:
    """One table or view.

    Attributes:
        name: in the database.
        frame: its rows in the order of their keys, masked.
        chinese: its name and its columns' names in schema `zh`; None where it has no twin.
    """

    name: str
    frame: pl.DataFrame
    chinese: tuple[str, dict[str, str]] | None


def names(ledger: Ledger) -> list[str]:
    """The tables and views of an edition, Chinese twins apart, in order."""
    found = ledger.query(
        "SELECT table_name AS name FROM duckdb_tables() WHERE NOT internal AND schema_name = 'main' "
        "UNION SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' ORDER BY name"
    )
    return found["name"].to_list()


def packed(ledger: Ledger) -> Iterator[Packed]:
    """Every table and view of the newest edition, one after the other."""
    masking = Masking.of(ledger)
    twins = _twins()
    for name in names(ledger):
        frame = ledger.query(f'SELECT * FROM "{name}" ORDER BY ALL')  # noqa: S608 - a name of the catalogue
        masked = masking.applied(name, frame)
        twin = twins.get(name)
        if twin:
            twin = (twin[0], {own: zh for own, zh in twin[1].items() if own in masked.columns})
        yield Packed(name, masked.sort(masked.columns, nulls_last=True, maintain_order=True), twin)


def _twins() -> dict[str, tuple[str, dict[str, str]]]:
    """The Chinese name and columns of what has a twin, by its own name."""
    all_of = {one.name: one for one in all_definitions()}
    found = {}
    for one in all_of.values():
        if one.name.startswith("zh."):
            own = all_of[one.sql.rsplit(" ", 1)[1]]
            found[own.name] = (
                one.name.removeprefix('zh."').rstrip('"'),
                dict(zip(own.columns, one.columns, strict=True)),
            )
    return found


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every value as a file shows it; what a spreadsheet would take for a formula is marked as text."""
    out = []
    for name, dtype in frame.schema.items():
        column = pl.col(name)
        if dtype == pl.String:
            risky = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
            out.append(pl.when(risky).then(pl.lit("'") + column).otherwise(column).alias(name))
        elif isinstance(dtype, pl.Datetime):
            out.append(column.dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        else:
            out.append(column.cast(pl.String))
    return frame.select(out)


def comma_separated(texts: pl.DataFrame) -> bytes:
    """For Excel and WPS."""
    held = io.BytesIO()
    texts.write_csv(held, include_bom=True, line_terminator="\r\n", quote_style="necessary")
    return held.getvalue()


def pipe_delimited(texts: pl.DataFrame) -> bytes:
    """For audit software."""
    held = io.BytesIO()
    texts.write_csv(held, separator="|", line_terminator="\n", quote_style="necessary")
    return held.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    """With its types."""
    held = io.BytesIO()
    frame.write_parquet(held, compression="zstd", statistics=True)
    return held.getvalue()


def control_totals(name: str, frame: pl.DataFrame) -> Iterator[tuple[str, int, str, str, str]]:
    """Of a table: name, rows, column of money, currency, sum; currencies apart, a table without money in one line."""
    money = [
        column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal) and dtype.scale == 2
    ]
    if not money or frame.is_empty():
        yield name, frame.height, "", "", ""
        return
    by = pl.col("currency").fill_null("") if "currency" in frame.columns else pl.lit("")
    sums = frame.group_by(by.alias("of")).agg(pl.col(column).sum().alias(f"sum {column}") for column in money)
    for row in sums.sort("of").iter_rows(named=True):
        for column in money:
            yield name, frame.height, column, row["of"], str(row[f"sum {column}"])


def dictionary() -> list[tuple[str, str, str, str, str, str]]:
    """Every table, view and macro with its columns: name, kind, Chinese twin, column, words in Chinese, words in English."""
    twins = _twins()
    found: list[tuple[str, str, str, str, str, str]] = []
    for one in sorted((*table_words(), *all_definitions()), key=lambda one: one.name):
        if one.name.startswith("zh."):
            continue
        twin, chinese = twins.get(one.name, ("", {}))
        found.append((one.name, one.kind, twin, "", *_both(one.title)))
        found += [
            (one.name, one.kind, chinese.get(name, ""), name, *_both(words))
            for name, words in one.columns.items()
        ]
    return found


def _both(words: str) -> tuple[str, str]:
    """The Chinese and the English half of a comment.

    >>> _both("甲；取值 a / A；来源 丙"), _both("DPI + RVPI")
    (('甲；取值 a', 'A；来源 丙'), ('DPI + RVPI', 'DPI + RVPI'))
    """
    zh, _, en = words.partition(" / ")
    return zh, en or zh


def ledger_tables() -> list[str]:
    """The tables of the data dictionary."""
    return list(TABLES)
