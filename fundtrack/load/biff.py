"""Old .xls workbooks (BIFF 2 to 8), by two engines: the one whose text reads as writing is believed."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import xlrd

from fundtrack.errors import InputError
from fundtrack.load.cells import Sheet, Visibility
from fundtrack.load.columns import CellError
from fundtrack.load.frames import frames, joined
from fundtrack.load.job import Job
from fundtrack.load.zipped import read_calamine

_VISIBILITY: tuple[Visibility, ...] = ("visible", "hidden", "very_hidden")
# Text in a wrong code page: accented letters in rows, replacement marks, private use, C1 controls.
_WRONG = re.compile("[\u0080-\u009f\ufffd\ue000-\uf8ff]|[\u00a1-\u00ff]{2,}|[\u3400-\u4dbf]")
_BEFORE_UNICODE = 80


def wrongness(texts: list[str]) -> float:
    """Give the share of text that looks decoded with a wrong code page.

    >>> wrongness(["基金名称", "Fonds für Å"]), wrongness(["»ù½ðÃû³Æ"])
    (0.0, 1.0)
    """
    whole = sum(map(len, texts))
    return sum(len(bit) for text in texts for bit in _WRONG.findall(text)) / whole if whole else 0.0


def read_biff(job: Job) -> Iterator[Sheet]:
    """Read an .xls: one engine first, the next where it fails or yields gibberish; the best is believed."""
    best: tuple[float, list[Sheet], str] | None = None
    for name, read in _readings(job):
        try:
            sheets = list(read)
        except (InputError, MemoryError):
            raise
        except BaseException as failed:  # noqa: BLE001 - engines assert and panic on files they do not know
            job.notes.append(f"engine_failed:{name}:{type(failed).__name__}")
            continue
        score = wrongness([text for sheet in sheets for text in _sample(sheet)]) if sheets else 2.0
        if best is None or score < best[0]:
            best = score, sheets, name
        if score == 0:
            break
    if best is None:
        raise InputError("file_damaged", file=job.path.name)
    job.notes.append(f"engine:{best[2]}")
    yield from best[1]


def _readings(job: Job) -> Iterator[tuple[str, Iterator[Sheet]]]:
    yield "xlrd", _by_xlrd(job, None)
    yield "xlrd-gb18030", _by_xlrd(job, "gb18030")
    yield "calamine", read_calamine(job)


def _sample(sheet: Sheet) -> list[str]:
    return [sheet.name] + [text for series in sheet.text.head(2000) for text in series.drop_nulls().to_list()]


def _by_xlrd(job: Job, encoding: str | None) -> Iterator[Sheet]:
    counted = Job(job.path, job.limits, job.tick)
    book = _opened(job, encoding)
    if encoding and book.biff_version >= _BEFORE_UNICODE:
        raise UnicodeError("BIFF 8 is Unicode: no code page to choose")
    if book.datemode:
        job.notes.append("epoch:1904")
    for number, sheet in enumerate(book.sheets()):
        counted.count(sheet.nrows, sheet.ncols, sheet.name)
        rows = ([_value(book, cell) for cell in sheet.row(r)] for r in range(sheet.nrows))
        text, kind = joined(frames(rows))
        job.tick((number + 1) / book.nsheets)
        hidden = (r for r, info in sheet.rowinfo_map.items() if info.hidden and r < text.height)
        yield Sheet(
            sheet.name,
            text,
            kind,
            visibility=_VISIBILITY[min(sheet.visibility, 2)],
            merged=tuple(
                (top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
            ),
            hidden_rows=frozenset(hidden),
            hidden_columns=frozenset(
                at for at, info in sheet.colinfo_map.items() if info.hidden and at < text.width
            ),
        )


def _opened(job: Job, encoding: str | None) -> Any:
    """Open with formats where they can be read; without, merges and hidden rows stay unknown."""
    data = job.path.read_bytes()
    try:
        return xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, encoding_override=encoding
        )
    except (UnicodeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - it asserts, indexes and divides its way out of odd formats
        job.notes.append("formats_unread")
        return xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), encoding_override=encoding)


def _value(book: Any, cell: Any) -> Any:
    kind, value = cell.ctype, cell.value
    if kind == xlrd.XL_CELL_DATE:
        return moment(value, book.datemode, _format(book, cell))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(value, "#ERROR!"))
    return value if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def _format(book: Any, cell: Any) -> str:
    if cell.xf_index is None:
        return ""
    found = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return found.format_str if found else ""


def moment(serial: float, datemode: int, form: str = "") -> Any:
    """Turn a date serial into a date, a datetime, a time or a span, as its format shows it.

    >>> moment(42916.0, 0), moment(11111, 1)
    (datetime.date(2017, 6, 30), datetime.date(1934, 6, 3))
    >>> moment(0.5, 0), moment(1.5, 0, "[h]:mm")
    (datetime.time(12, 0), datetime.timedelta(days=1, seconds=43200))
    """
    if re.search(r"\[(h+|m+|s+)\]", form, re.IGNORECASE):
        return dt.timedelta(seconds=round(serial * 86400))
    if serial < 0:  # no date in any spreadsheet, which shows ####
        return float(serial)
    try:
        when: dt.datetime = xlrd.xldate_as_datetime(serial, datemode)
    except (OverflowError, ValueError, xlrd.XLDateError):
        return float(serial)
    when = (when + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    if 0 <= serial < 1:
        return when.time()
    return when.date() if when.time() == dt.time() else when
