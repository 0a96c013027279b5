"""Which rows under a header are data: no blanks, examples, repeated headers, totals, footnotes or hidden rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from fundtrack.load import totals
from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.match import look_up
from fundtrack.load.tables import Mapped, Total
from fundtrack.load.written import fold

EXAMPLE: Final = ("例:", "例：", "e.g.", "示例行")
"""How the first cell of a row begins that shows how to fill in a sheet and is not data."""
_NOTE: Final = re.compile(
    r"^[(\[【*※]*(?:注\d*|备注|附注|说明|填表说明|填报说明|填写说明|编制说明|特别说明|数据来源|资料来源|来源|口径|"
    r"(?:单位|部门|财务|企业|公司|机构)?(?:负责人|主管)|填表人?|填报人?|填制人?|制表人?|编制人?|制单|经办人?|审核人?|复核人?|审批人?|校对|联系人|联系电话|联系方式|电话|"
    r"(?:填表|填报|制表|报出|编制|报送|填制)(?:日期|时间|单位)|(?:公司|单位)?(?:盖章|签章|公章)|日期|"
    r"notes?|sources?|remarks?|prepared by|reviewed by|approved by|signature|disclaimer|footnotes?|important)"
    r"\s*\d*\s*(?:[:.、)\]】]|\(|$)",
    re.IGNORECASE,
)
_DEEP: Final = 2
_FEW: Final = 3
"""Rows with no more cells than this are looked at closely."""
_GROUP: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[类部批组])\s*\S"
)
"""How the title of a group of rows begins, where it stands alone in its row."""
_SIGNED: Final = re.compile(r"(?:负责人|制表|填表|填报人|审核|复核|经办|盖章|签章|联系电话)")


@dataclass
class Rows:
    """The rows of a block, sorted.

    Attributes:
        data: sheet rows from 0 that are data.
        totals: total rows.
        hidden: hidden rows that would be data.
        notes: rows passed over that hold a text nobody mapped.

    """

    data: pl.Series
    totals: list[Total] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def data_rows(
    sheet: Sheet,
    table: str,
    columns: Sequence[Mapped],
    rows: range,
    span: range,
    *,
    include_hidden: bool = False,
) -> Rows:
    """Sort the rows of a block.

    Args:
        sheet: as read.
        table: whose rows.
        columns: its mapped columns.
        rows: of the block, from 0.
        span: columns of the block; others belong to another table beside it.
        include_hidden: take hidden rows as data.

    """
    start = rows.start
    text = sheet.text.slice(start, len(rows)).select(sheet.text.columns[span.start : span.stop])
    own = sorted(
        {f"c{mapped.index}" for mapped in columns if mapped.index in span}, key=lambda name: int(name[1:])
    )
    if not own or not text.height:
        return Rows(pl.Series("row", [], dtype=pl.Int64))
    lead = totals.leading(columns, table, span)
    looks = (
        text.select(
            pl.any_horizontal(pl.col(name).is_not_null() for name in own).alias("filled"),
            pl.sum_horizontal(pl.col(name).is_not_null() for name in text.columns).alias("count"),
            _repeats(columns, own),
        )
        .with_columns(_in_other_words(text.head(_DEEP), table, columns, text.height))
        .with_columns(_titles(text, pl.col("repeat").shift(-1).fill_null(value=False), wide=len(own) >= _FEW))
        .with_columns(totals.suspects(text, [f"c{at}" for at in lead]), _examples(text))
    )
    real = looks.select(
        (pl.col("filled") & ~pl.col("repeat") & ~pl.col("example") & ~pl.col("title")).alias("data")
    ).to_series()
    plain = _without_blanks(text, own, real, looks["count"] <= _FEW)
    odd = plain & (looks["suspect"] | (looks["count"] <= _FEW))
    found = Rows(plain)
    kept_apart = _judge(sheet, span, odd.arg_true() + start, lead)
    for row, said in kept_apart.items():
        if said is None:
            found.notes.append(row)
        else:
            found.totals.append(totals.total_row(sheet, row, columns, table, said))
    dropped = set(kept_apart)
    if not include_hidden:
        hidden = [row for row in sorted(sheet.hidden_rows) if row in rows and plain[row - start]]
        found.hidden = [row for row in hidden if row not in dropped]
        dropped |= set(hidden)
    if dropped:
        plain = plain.scatter(sorted(row - start for row in dropped), [False] * len(dropped))
    found.data = (plain.arg_true().cast(pl.Int64) + start).alias("row")
    if found.totals:
        _count_before(found)
    return found


def _without_blanks(text: pl.DataFrame, own: Sequence[str], data: pl.Series, few: pl.Series) -> pl.Series:
    """Leave out rows that hold nothing but blanks, which only rows with few cells do."""
    at = (data & few).arg_true()
    said = [pl.col(name).str.strip_chars().fill_null("") != "" for name in own]
    empty = at.filter(~text[at].select(pl.any_horizontal(said)).to_series()) if len(at) else at
    return data.scatter(empty, [False] * len(empty)) if len(empty) else data


def _examples(text: pl.DataFrame) -> pl.Series:
    """Find rows whose first filled cell says that they only show how to fill in the sheet."""
    first = text.to_series(0)
    if first.null_count():
        first = text.select(pl.coalesce(pl.all())).to_series()
    like = first.str.contains_any(list(EXAMPLE), ascii_case_insensitive=True).fill_null(value=False)
    maybe = like.arg_true().to_list()
    said = [at for at in maybe if first[at].strip().lower().startswith(EXAMPLE)]
    none = pl.Series("example", [False], dtype=pl.Boolean).new_from_index(0, text.height)
    return none.scatter(said, [True] * len(said))


def _repeats(columns: Sequence[Mapped], own: Sequence[str]) -> pl.Expr:
    """Find rows that say the header again: two cells or more read as their own header."""
    heads = {
        f"c{mapped.index}": [mapped.header, *mapped.header.split(" / ")]
        for mapped in columns
        if mapped.index >= 0
    }
    same = [
        pl.any_horizontal(pl.col(name) == level for level in dict.fromkeys(heads[name])).fill_null(
            value=False
        )
        for name in own
    ]
    return (pl.sum_horizontal(same) >= 2).alias("repeat")


def _in_other_words(top: pl.DataFrame, table: str, columns: Sequence[Mapped], height: int) -> pl.Expr:
    """Find rows at once under the header that say it again in other words, as in another language."""
    said = [False] * height
    for at, cells in enumerate(top.iter_rows(named=True)):
        filled = [mapped for mapped in columns if mapped.index >= 0 and cells.get(f"c{mapped.index}")]
        same = [
            mapped
            for mapped in filled
            if (found := look_up(table, cells[f"c{mapped.index}"])) and mapped.field in found.fields
        ]
        said[at] = len(same) >= 2 and 2 * len(same) >= len(filled)
    return pl.col("repeat") | pl.lit(pl.Series(said, dtype=pl.Boolean))


def _titles(text: pl.DataFrame, before_header: pl.Expr, *, wide: bool) -> pl.Expr:
    """Find rows of one text that only title others: a group of rows, or the header said again below them."""
    first = pl.coalesce(pl.lit(text.to_series(at)) for at in range(text.width))
    alone = pl.col("count") == 1
    group = first.str.normalize("NFKC").str.strip_chars().str.contains(_GROUP.pattern).fill_null(value=False)
    return (alone & (before_header | (group if wide else pl.lit(value=False)))).alias("title")


def _judge(
    sheet: Sheet, span: range, odd: pl.Series, lead: Sequence[int]
) -> dict[int, tuple[str, bool] | None]:
    """Look closely at the few odd rows: what a total says of itself, None for a footnote; data rows are left out."""
    found: dict[int, tuple[str, bool] | None] = {}
    texts, of = sheet.text[odd].rows(), sheet.kind[odd].rows()
    for row, text, kinds in zip(odd.to_list(), texts, of, strict=True):
        cells = (*(None for _ in range(span.start)), *text[span.start : span.stop])
        said = totals.announced(cells, kinds, lead)
        if said is not None or note(cells, kinds[: span.stop]):
            found[row] = said
    return found


def note(cells: Sequence[str | None], kinds: Sequence[int]) -> bool:
    """Tell a footnote or a line of signatures: nothing but texts, the first of which begins as such lines do.

    >>> note(("注：以上数据未经审计", None), (1, 0)), note(("制表人：张三", "审核：李四"), (1, 1))
    (True, True)
    >>> note(("张三科技", None), (1, 0))
    False
    """
    filled = [(fold(cell), kind) for cell, kind in zip(cells, kinds, strict=True) if cell and cell.strip()]
    if not filled or filled[0][1] != Kind.TEXT:
        return False
    first = filled[0][0]
    if not _NOTE.match(first):
        return len(filled) == 1 and (len(first) > 60 or first.endswith("。"))
    if len(filled) == 1:
        return True
    rest = [text for text, _ in filled[1:]]
    return any(":" in text or _SIGNED.search(text) for text in (first, *rest)) and len(filled) <= 8


def _count_before(rows: Rows) -> None:
    """Say of each total how many data rows stand above it."""
    marks = pl.Series([total.row - 1 for total in rows.totals], dtype=pl.Int64)
    before = rows.data.search_sorted(marks).to_list()
    rows.totals = [
        Total(t.row, t.label, t.grand, n, t.cells) for t, n in zip(rows.totals, before, strict=True)
    ]
