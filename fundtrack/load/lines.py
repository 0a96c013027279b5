"""What the lines around a table say of the file, where there is no cover: who sends, as of when, in which unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fundtrack.load.cells import Book, Kind, Sheet
from fundtrack.load.match import match_sheet
from fundtrack.load.units import currency_line, unit_line
from fundtrack.load.written import fold
from fundtrack.periods import Precision, month_end, period_code, period_end

_TOP: Final = 15
_BOTTOM: Final = 10
_LONGEST: Final = 200
_SENDER: Final = re.compile(
    r"^(?:报送|填报|编制|报告|申报|上报)(?:单位|机构)(?:名称)?(?:\((?:盖章|公章|签章)\))?\s*:\s*(?P<who>.{2,80}?)\s*(?:\((?:盖章|公章|签章)\))?$"
    r"|^(?:报送|填报|编制|编报)\s*:\s*(?P<short>.{5,80})$"
    r"|^(?:基金)?管理人(?:名称)?\s*:\s*(?P<manager>.{2,80})$"
    r"|^(?:reporting (?:entity|firm|manager)|submitted by|sender|fund manager|manager|general partner)\s*:\s*(?P<english>.{2,80})$",
    re.IGNORECASE,
)
_UNIT_OR_FIRM: Final = re.compile(
    r"^单位(?:名称)?\s*:\s*(?P<who>.{4,80}(?:公司|中心|合伙\)?|企业|局|委员会|委|处|院|所|LP|LLP|Ltd\.?))$",
    re.IGNORECASE,
)
_DAY: Final = r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})(?:\s*[-/.月]\s*(?P<d>\d{1,2}))?\s*[日月]?"
_AS_OF: Final = re.compile(
    rf"(?:截[至止]到?|数据截[至止]|统计时点|时点|基准日|报告期末|期末|报表日期?|报告日)\s*(?:日期|时间)?\s*:?\s*{_DAY}"
)
_FILED: Final = re.compile(rf"(?:填报|填表|填制|报送|制表|报出|编制|上报)(?:日期|时间)\s*:?\s*{_DAY}")
_ALONE: Final = re.compile(rf"^\(?\s*{_DAY}\s*\)?$")
_PERIOD: Final = re.compile(
    r"(\d{4})\s*年?度?\s*(第?\s*[一二三四1-4]\s*季度?|Q[1-4]|上半年|下半年|半年度|年度)", re.IGNORECASE
)
_MONTHS: Final = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH: Final = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ENGLISH: Final = re.compile(
    rf"(?:as (?:of|at)|ended|ending|date)\s*:?\s*(?:(?P<d1>\d{{1,2}})\s+{_MONTH},?\s+(?P<y1>\d{{4}})|"
    rf"{_MONTH.replace('month', 'month2')}\s+(?P<d2>\d{{1,2}}),?\s+(?P<y2>\d{{4}})|{_DAY})",
    re.IGNORECASE,
)
_QUARTER: Final = re.compile(
    r"\bQ([1-4])[\s,/-]*(\d{4})\b|\b(first|second|third|fourth)\s+quarter\s+(?:of\s+)?(\d{4})\b",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?(?!.*(?:填|制表|报送))")
_ORDER: Final = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
Place = tuple[str, int, int, str]


@dataclass
class Lines:
    """What was found, each with its sheet, row and column from 0 and its text.

    Attributes:
        values: `sender`, `as_of`, `as_of_precision`, `unit`, `currency` as far as said.
        places: where.
        filed: the as-of date is only the date of filing.

    """

    values: dict[str, str | date] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    filed: bool = False


def read_lines(book: Book) -> Lines:
    """Read what the lines above and below the tables of the visible sheets say, the first word on each point counting.

    >>> from fundtrack.load.frames import frames, joined
    >>> text, kind = joined(frames([["合作基金情况表（2017年三季度）", None], ["编制单位：示例创投", "单位：万元"]]))
    >>> read_lines(Book("xlsx", (Sheet("表1", text, kind),))).values
    {'as_of': datetime.date(2017, 9, 30), 'as_of_precision': 'day', 'sender': '示例创投', 'unit': '万元'}
    """
    found = Lines()
    late: list[tuple[date, Precision, Place]] = []
    for sheet in book.sheets:
        if sheet.visibility == "visible" and match_sheet(sheet.name) != "cover":
            for row, column, said, alone in _texts(sheet):
                _look(found, fold(said), (sheet.name, row, column, said), late, alone=alone)
    if "as_of" not in found.values and late:
        day, precision, place = late[0]
        found.values |= {"as_of": day, "as_of_precision": precision}
        found.places["as_of"] = place
        found.filed = True
    return found


def _texts(sheet: Sheet) -> Iterator[tuple[int, int, str, bool]]:
    """Texts of the sparse rows at the top and the bottom, a label with the cell to its right."""
    height = sheet.text.height
    rows = [*range(min(_TOP, height)), *range(max(_TOP, height - _BOTTOM), height)]
    for row in rows:
        cells, kinds = sheet.text.row(row), sheet.kind.row(row)
        filled = [n for n, cell in enumerate(cells) if cell and cell.strip()]
        if not filled or len(filled) > 6:
            continue
        for at, n in enumerate(filled):
            said = (cells[n] or "")[:_LONGEST]
            if kinds[n] != Kind.TEXT and len(filled) > 1:
                continue
            yield row, n, said, len(filled) == 1
            if at + 1 < len(filled) and len(said) <= 20 and not re.search(r"[:：].", said):
                yield row, n, f"{said.rstrip(':： ')}:{cells[filled[at + 1]]}", False


def _look(
    found: Lines, said: str, place: Place, late: list[tuple[date, Precision, Place]], *, alone: bool
) -> None:
    if "sender" not in found.values and (who := _sender(said)):
        _keep(found, "sender", who, place)
    if "as_of" not in found.values and (day := _as_of(said, alone=alone)):
        _keep(found, "as_of", day[0], place)
        found.values["as_of_precision"] = day[1]
    if filed := _FILED.search(said):
        dated = _dated(filed)
        if dated:
            late.append((*dated, place))
    if "unit" not in found.values and unit_line(said):
        _keep(found, "unit", re.sub(r"^.*?单位\s*:?\s*", "", said).strip("()（）[]【】 ") or said, place)
    if "currency" not in found.values and (money := currency_line(said)):
        _keep(found, "currency", money, place)


def _keep(found: Lines, name: str, value: str | date, place: Place) -> None:
    found.values[name] = value
    found.places[name] = place


def _sender(said: str) -> str | None:
    match = _SENDER.match(said) or _UNIT_OR_FIRM.match(said)
    if not match:
        return None
    who = next(part for part in match.groups() if part).strip(" :_")
    return who if who and not re.fullmatch(r"[_\s\-—]*", who) else None


def _dated(match: "re.Match[str]") -> tuple[date, Precision] | None:
    year, month, day = int(match["y"]), int(match["m"]), match["d"]
    try:
        return (date(year, month, int(day)), "day") if day else (month_end(year, month), "month")
    except ValueError:
        return None


def _as_of(said: str, *, alone: bool) -> tuple[date, Precision] | None:
    if match := _AS_OF.search(said):
        return _dated(match)
    if match := _ENGLISH.search(said):
        return _english(match)
    if period := _period(said):
        return period_end(period), "day"
    if not alone:
        return None
    match = _ALONE.match(said) or (_TITLE.search(said) if len(said) <= 60 else None)
    return _dated(match) if match else None


def _period(said: str) -> str | None:
    if match := _QUARTER.search(said):
        quarter, year = (match[1], match[2]) if match[1] else (_ORDER[match[3].lower()], match[4])
        return f"{year}Q{quarter}"
    match = _PERIOD.search(said)
    return period_code("".join(match[0].split())) if match else None


def _english(match: "re.Match[str]") -> tuple[date, Precision] | None:
    if match["y"]:
        return _dated(match)
    month = _MONTHS[(match["month"] or match["month2"]).lower()[:3]]
    try:
        return date(int(match["y1"] or match["y2"]), month, int(match["d1"] or match["d2"])), "day"
    except ValueError:
        return None
