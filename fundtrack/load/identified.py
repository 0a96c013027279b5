"""What a person must know of how rows were identified."""

from collections.abc import Iterable

from fundtrack.errors import Problem
from fundtrack.load.identify import Given
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import place_in
from fundtrack.model.rows import TABLES


def told_of_ids(item: Parsed, table: str, given: Given, unclear: Iterable[int]) -> Iterable[Problem]:
    """Names that stand for another entity or for several, and payments that fit several amounts due."""
    if given.apart or given.unclear:
        names = dict(given.frame.select("row_number", "name").iter_rows())
        place = place_in(item, "name")
        for row, other in given.apart:
            yield Problem(
                "same_name_other_code", "warning", row=row, value=names[row], about={"other": other}, **place
            )
        info = TABLES[table].info
        about = {"refers_zh": info.zh, "refers_en": info.en}
        for row in given.unclear:
            yield Problem("reference_ambiguous", row=row, value=names[row], about=about, **place)
    for row in unclear:
        yield Problem("due_ambiguous", "warning", row=row, **place_in(item, "amount"))
