"""Rows of Python values become the two frames of a Sheet: text and kind, at their true place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any

import polars as pl

from fundtrack.load.cells import Kind
from fundtrack.load.columns import column

CHUNK_ROWS = 50_000

Frames = tuple[pl.DataFrame, pl.DataFrame]


def batches(rows: Iterable[Sequence[Any]], size: int = CHUNK_ROWS) -> Iterator[list[Sequence[Any]]]:
    """Cut rows into lists of at most `size`."""
    stream = iter(rows)
    while batch := list(islice(stream, size)):
        yield batch


def frames(rows: Iterable[Sequence[Any]], left: int = 0) -> Iterator[Frames]:
    """Write rows batch by batch; the first value of each row stands in column `left`."""
    for batch in batches(rows):
        written = [column(values) for values in zip_longest(*batch)]
        if left:
            written = [column([None] * len(batch))] * left + written
        texts, kinds = [text for text, _ in written], [kind for _, kind in written]
        yield _named(texts, len(batch)), _named(kinds, len(batch))


def _named(series: list[pl.Series], height: int) -> pl.DataFrame:
    return pl.DataFrame([s.alias(f"c{i}") for i, s in enumerate(series)], height=height)


def joined(parts: Iterable[Frames], overlay: Mapping[tuple[int, int], str] | None = None) -> Frames:
    """Lay batches below one another, write error cells over them, and cut off the empty right and bottom.

    Args:
        parts: what `frames` gives.
        overlay: texts of error cells by (row, column), which may lie outside.

    """
    texts, kinds = [], []
    for text, kind in parts:
        texts.append(text)
        kinds.append(kind)
    if not texts:
        texts, kinds = [pl.DataFrame()], [pl.DataFrame()]
    text = pl.concat(texts, how="diagonal") if len(texts) > 1 else texts[0]
    kind = pl.concat(kinds, how="diagonal") if len(kinds) > 1 else kinds[0]
    if overlay:
        text, kind = _errors_over(text, kind, overlay)
    if any(null for part in kinds for null in [part.width != kind.width]):
        kind = kind.with_columns(pl.all().fill_null(Kind.EMPTY.value))
    return _trimmed(text, kind)


def _errors_over(text: pl.DataFrame, kind: pl.DataFrame, overlay: Mapping[tuple[int, int], str]) -> Frames:
    height = max(text.height, 1 + max(row for row, _ in overlay))
    width = max(text.width, 1 + max(col for _, col in overlay))
    t_cols, k_cols = [], []
    for c in range(width):
        t = text[f"c{c}"] if c < text.width else pl.Series(f"c{c}", [], dtype=pl.String)
        k = kind[f"c{c}"] if c < text.width else pl.Series(f"c{c}", [], dtype=pl.UInt8)
        t = t.extend_constant(None, height - t.len())
        k = k.extend_constant(Kind.EMPTY.value, height - k.len())
        here = {row: said for (row, at), said in overlay.items() if at == c}
        if here:
            t = t.scatter(list(here), list(here.values()))
            k = k.scatter(list(here), Kind.ERROR.value)
        t_cols.append(t)
        k_cols.append(k)
    return pl.DataFrame(t_cols), pl.DataFrame(k_cols)


def _trimmed(text: pl.DataFrame, kind: pl.DataFrame) -> Frames:
    width = text.width
    while width and text.to_series(width - 1).null_count() == text.height:
        width -= 1
    text, kind = text.select(text.columns[:width]), kind.select(kind.columns[:width])
    height = text.height if width else 0
    if height and all(last is None for last in text.row(-1)):
        height = 1 + max(
            series.is_not_null().arg_true()[-1] for series in text if series.null_count() < height
        )
    return text.head(height), kind.head(height)
