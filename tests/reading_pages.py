"""What a page says, read off its text: its tables, its facts, and whether a text shows a value."""

import re
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

from ui_pages import whole

from fundtrack.metrics.catalog import metric
from fundtrack.text.say import say

WAN = 10**4
UNITS = {
    "亿元": 10**8, "万元": 10**4, "万美元": 10**4, "bn": 10**9, "m": 10**6,
    "家": 1, "只": 1, "项": 1, "件": 1, "%": Decimal("0.01"), "×": 1, "": 1,
}  # fmt: skip


def bare(html):
    """The text of HTML, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def tables(at):
    """Every table of a page by its name: a row is the text of its cells by their heads."""
    found = {}
    for name, body in re.findall(r'aria-label="([^"]*)"><table class="grid">(.*?)</table>', whole(at), re.S):
        heads = [bare(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", body, re.S)]
        rows = re.findall(r"<tr>(.*?)</tr>", body.partition("<tbody>")[2], re.S)
        cells = [
            [(bare(cell), cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows
        ]
        found.setdefault(unescape(name), [dict(zip(heads, row, strict=True)) for row in cells])
    return found


def facts(at):
    """The facts of a page: name and text, in the order they stand."""
    return [
        (bare(name), bare(value))
        for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", whole(at), re.S)
    ]


def says(text, value, scale=1):
    """True where a text shows a value in a unit, rounded half up to the digits that it shows; unknown is no number."""
    found = re.match(
        r"(?:¥|USD |CNY )?([+-]?[\d,]+(?:\.\d+)?)\s*(亿元|万美元|万元|bn|m\b|%|×|[家只项件])?", text
    )
    if value is None:
        return found is None
    assert found, (text, value)
    number, unit = Decimal(found[1].replace(",", "")), UNITS[found[2] or ""]
    exact = Decimal(str(value)) / (unit if found[2] else scale)
    return number == exact.quantize(Decimal(1).scaleb(number.as_tuple().exponent), ROUND_HALF_UP)


def title(key, lang):
    """A column's title: a sentence, or with `=` before it a metric's name."""
    return metric(key[1:]).name(lang) if key.startswith("=") else say(key, lang)


def agrees(rows, known, columns, lang):
    """Every figure of a table's columns is what stands in the same row of the JSON; gives how many were compared."""
    assert len(rows) == len(known) > 0
    compared = 0
    for row, each in zip(rows, known, strict=True):
        for key, (name, scale) in columns.items():
            text = row[title(key, lang)][0]
            assert says(text, each[name], scale), (key, text, each[name], each)
            compared += 1
    return compared
