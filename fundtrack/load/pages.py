"""Tables in HTML pages and MHTML web archives, as old systems save them under the name of a workbook."""

import email
import email.policy
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from fundtrack.errors import InputError
from fundtrack.load import delimited
from fundtrack.load.cells import Sheet
from fundtrack.load.grid import Grid, whole
from fundtrack.load.job import Job


class _Tables(HTMLParser):
    """Every table of a page in one grid below one another, as a spreadsheet opens such a page."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(convert_charrefs=True)
        self.grid = grid
        self.text: list[str] | None = None
        self.spans = (1, 1)
        self.mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("style", "script", "title", "xml"):
            self.mute += 1
        elif tag == "tr":
            self._close()
            style = (found.get("style") or "").replace(" ", "").lower()
            self.grid.row(hidden="display:none" in style)
        elif tag in ("td", "th"):
            self._close()
            self.text, self.spans = [], (whole(found.get("colspan")), whole(found.get("rowspan")))
        elif tag in ("br", "p", "div") and self.text:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title", "xml"):
            self.mute = max(0, self.mute - 1)
        elif tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self.text is not None and not self.mute:
            self.text.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _close(self) -> None:
        if self.text is None:
            return
        lines = [line.strip(" ") for line in "".join(self.text).split("\n")]
        self.grid.cell("\n".join(lines).strip("\n") or None, *self.spans)
        self.text = None


def read_html(job: Job) -> Iterator[Sheet]:
    """Read the tables of an HTML page, saved as .xls or as itself."""
    yield _page(job, _html_text(job, job.path.read_bytes()), job.path.stem)


def _html_text(job: Job, data: bytes) -> str:
    said = re.search(rb"""charset\s*=\s*["']?\s*([\w-]+)""", data[:4096], re.IGNORECASE)
    names = [said[1].decode().lower()] if said else []
    for name in [{"gb2312": "gb18030", "gbk": "gb18030"}.get(n, n) for n in names]:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        job.notes.append(f"encoding:{name}")
        return text
    decoded = delimited.decode(data)
    if decoded is None:
        raise InputError("not_a_workbook", file=job.path.name)
    job.notes.append(f"encoding:{decoded[1]}")
    return decoded[0]


def _page(job: Job, text: str, name: str) -> Sheet:
    grid = Grid(job, name)
    parser = _Tables(grid)
    parser.feed(text)
    parser.close()
    if not any(any(value is not None for value in row) for row in grid.rows):
        raise InputError("no_sheets", file=job.path.name)
    return grid.sheet()


def read_mhtml(job: Job) -> Iterator[Sheet]:
    """Read each page with a table out of a web archive."""
    message = email.message_from_bytes(job.path.read_bytes(), policy=email.policy.default)
    number = 0
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        payload = part.get_payload(decode=True)
        text = _html_text(job, payload if isinstance(payload, bytes) else b"")
        if re.search(r"<t[dh]\b", text, re.IGNORECASE):
            number += 1
            yield _page(job, text, job.path.stem if number == 1 else f"{job.path.stem} {number}")
