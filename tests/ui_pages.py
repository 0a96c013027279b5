"""The dashboard's pages run in-process through AppTest, in a language and over a data folder."""

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

from fundtrack.load import pipeline
from fundtrack.load.outcome import Result
from fundtrack.store.editions import Store

ROOT = Path(__file__).resolve().parent.parent


def publish(data: Path, *files: Path) -> Result:
    """Load files as the dashboard's publish button does."""
    result = pipeline.load(Store(data), files, by="示例经办人", seeds=ROOT / "seeds")
    assert result.outcome == "published", result.problems
    return result


def page(name: str, **query: str) -> AppTest:
    """A page of the dashboard before it runs; `lang` and whatever else its address says."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.switch_page(f"fundtrack/ui/pages/{name}.py")
    for key, value in query.items():
        at.query_params[key] = value
    return at


def open_page(name: str, **query: str) -> AppTest:
    """A page that has run without an exception."""
    at = page(name, **query).run()
    assert not at.exception, at.exception
    return at


def html(at: AppTest) -> str:
    """All HTML of a page, but for its style and the links that numbers are."""
    return re.sub(r'<a class="tr(?: about)?"[^>]*>(.*?)</a>', r"\1", whole(at))


def whole(at: AppTest) -> str:
    """All HTML of a page, but for its style and what it tells the browser."""
    return "".join(
        str(part.value) for part in at.html if not re.match(r"\s*<(style|script)", str(part.value))
    )


def text(at: AppTest) -> str:
    """What a page says in HTML, without its tags, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html(at))).split())


def upload(at: AppTest, files: Sequence[Path]) -> AppTest:
    """Give files to the page's uploader and run."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    at.file_uploader[0].set_value([(file.name, file.read_bytes(), kind) for file in files])
    at.run()
    assert not at.exception, at.exception
    return at
