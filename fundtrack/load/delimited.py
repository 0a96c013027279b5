"""Delimited text: its encoding, its delimiter, its rows; every value stays the text it was."""

import csv
import io
import re
from collections.abc import Iterator

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DELIMITERS = ",\t;|，"
_STRAY = 2  # a zero byte in a name, the old end-of-file mark
_KEPT = re.compile(r'^="(.*)"$', re.DOTALL)


def _bom(data: bytes) -> str | None:
    return next((name for mark, name in _BOMS if data.startswith(mark)), None)


def _bare_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: delimiters and digits leave zero bytes on one side only."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 16 < len(head) or min(even, odd) * 8 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def looks_binary(head: bytes) -> bool:
    """Tell whether bytes hold more control characters than a text file has by accident."""
    strange = len(_CONTROL.findall(head))
    return not (_bom(head) or _bare_utf16(head)) and strange > _STRAY and strange * 500 > len(head)


def decode(data: bytes, *, whole: bool = True) -> tuple[str, str] | None:
    """Give text and the name of its encoding; None where it is no text.

    UTF-8 and GB18030 are asked first because they refuse what is not theirs; the rest is guessed at.

    Args:
        data: the bytes.
        whole: False for the start of a longer file, whose last character may be cut.

    >>> decode("基金,金额".encode("gbk")), decode("基金".encode("utf-16"))
    (('基金,金额', 'gb18030'), ('基金', 'utf-16'))

    """
    marked = _bom(data) or _bare_utf16(data)
    for name in [marked] if marked else ["utf-8", "gb18030"]:
        for cut in range(1 if whole else 4):
            try:
                return data[: len(data) - cut].decode(name), name
            except UnicodeDecodeError:
                continue
    return None if marked else _mended(data) or _guessed(data)


def _mended(data: bytes) -> tuple[str, str] | None:
    """Take Chinese text with a few broken bytes, each shown as a replacement mark; the name says so."""
    for name in ("utf-8", "gb18030"):
        text = data.decode(name, "replace")
        chinese = len(re.findall("[\u4e00-\u9fff]", text))
        if chinese >= 10 * text.count("\ufffd"):
            return text, f"{name}-mended"
        if name == "utf-8" and chinese > text.count("\ufffd"):
            return None  # UTF-8 too broken to mend; read as anything else it would be gibberish
    return None


def _guessed(data: bytes) -> tuple[str, str] | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, seldom needed

    best = from_bytes(
        data[: 1 << 18], cp_isolation=["big5", "cp1252", "shift_jis", "euc_kr", "gb18030"]
    ).best()
    if best is None:
        return None
    return data.decode(best.encoding, "replace"), best.encoding


def delimiter(text: str) -> str:
    r"""Find the delimiter under which the first lines split most evenly; a comma where none splits.

    >>> delimiter("a;b\n1,5;2"), delimiter("a\tb\n"), delimiter("one\ntwo")
    (';', '\t', ',')
    """
    sample = text[: 1 << 16]
    best, score = ",", (0.0, 0)
    for mark in _DELIMITERS:
        widths = [
            len(row) for row in list(csv.reader(io.StringIO(sample, newline=""), delimiter=mark))[:60] if row
        ]
        split = [w for w in widths if w > 1]
        if split:
            usual = max(set(split), key=split.count)
            found = split.count(usual) / len(widths), usual
            if found > score:
                best, score = mark, found
    return best


def rows(text: str) -> Iterator[list[str]]:
    """Give rows in order, an empty line being an empty row.

    Raises:
        UnclosedError: a quotation mark is never closed, so that everything after it would be one cell.
    """
    csv.field_size_limit(1 << 24)
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    first = text.split("\n", 1)[0].strip()
    if re.fullmatch(r"sep=.", first):  # Excel's own hint, which it does not show as a row
        text, mark = text.partition("\n")[2], first[4]
    else:
        mark = delimiter(text)
    found = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    if text.count('"') % 2:
        _closed(text, mark)
    # ="007" is how a text file makes a spreadsheet keep the zeros.
    return ([_KEPT.sub(r"\1", cell) for cell in row] for row in found) if '="' in text else found


class UnclosedError(ValueError):
    """A quotation mark that opens a cell and is never closed; `line` is where it stands, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def _closed(text: str, mark: str) -> None:
    """Refuse text whose last cell begins with a quotation mark that nothing closes."""
    lines = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    while True:
        try:
            next(reader)
            lines = reader.line_num
        except StopIteration:
            return
        except csv.Error as wrong:
            if "unexpected end" in str(wrong):
                raise UnclosedError(lines + 1) from None
            lines = reader.line_num
