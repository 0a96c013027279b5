"""What only shows a report is made once for it, the language and the address; whatever asks the reader may not be."""

from dataclasses import dataclass
from threading import Event, Thread

import pytest
import streamlit as st

from fundtrack.ui import drawn as module
from fundtrack.ui.chart_data import Data
from fundtrack.ui.drawn import drawn_once, made_once
from fundtrack.ui.html import show
from fundtrack.ui.language import t
from fundtrack.ui.paging import page_of


@dataclass(frozen=True)
class Report:
    """A report as they are: of frames, so that it cannot be hashed."""

    rows: list[int]


class Address(dict):
    """Streamlit's."""

    def to_dict(self) -> dict[str, str]:
        return dict(self)


@pytest.fixture
def page(monkeypatch):
    """Streamlit that keeps what is drawn."""
    found: list[str] = []
    monkeypatch.setattr(st, "query_params", Address(lang="en"))
    monkeypatch.setattr(st, "html", found.append)
    module._made.cache_clear()
    yield found
    module._made.cache_clear()


@pytest.fixture
def made():
    return []


@pytest.fixture
def draw(made):
    @drawn_once
    def draw(report: Report, more: str = "") -> None:
        made.append(more)
        show(f"<b>{sum(report.rows)}</b>")
        show(f"<i>{t('ui.yes')}{more}</i>")

    return draw


def test_it_is_made_once_and_drawn_each_time_as_one_element(page, made, draw):
    report = Report([1, 2])
    draw(report)
    draw(report)
    assert made == [""]
    parts = '<div class="ft" lang="en"><b>3</b></div><div class="ft" lang="en"><i>yes</i></div>'
    assert page == 2 * [f'<div class="parts">{parts}</div>']


@pytest.mark.parametrize(
    ("changed", "times"),
    [({}, 1), ({"lang": "zh"}, 2), ({"edition": "2"}, 2)],
    ids=["the same", "another language", "another address"],
)
def test_what_a_chart_stands_on_is_worked_out_once_for_the_language_and_the_address(
    page, made, changed, times
):
    @made_once
    def numbers(report: Report) -> Data:
        made.append(report)
        return Data((t("ui.yes"), "n"), [["a", row] for row in report.rows])

    report = Report([1, 2])
    first = numbers(report)
    st.query_params.update(changed)
    second = numbers(report)
    assert (len(made), second is first) == (times, times == 1)
    assert first.lines == [
        '<tr><td class="fix">a</td><td class="num">1</td></tr>',
        '<tr><td class="fix">a</td><td class="num">2</td></tr>',
    ]
    assert first.lines is first.lines


def test_readers_who_come_at_once_have_it_written_once(page):
    begun, may_end, made = Event(), Event(), []

    @drawn_once
    def slow(report: Report) -> None:
        made.append(report)
        begun.set()
        assert may_end.wait(10)
        show("<b>slow</b>")

    report = Report([1])
    first, second = (Thread(target=slow, args=(report,)) for _ in range(2))
    first.start()
    assert begun.wait(10)
    second.start()
    second.join(0.2)
    assert second.is_alive(), "it waits for what the first is writing"
    may_end.set()
    first.join(10)
    second.join(10)
    assert made == [report]
    assert page == 2 * ['<div class="ft" lang="en"><b>slow</b></div>']


def test_another_report_language_address_or_question_is_another(page, made, draw):
    report = Report([1, 2])
    draw(report)
    draw(Report([1, 3]))
    assert '<div class="ft" lang="en"><b>4</b></div>' in page[1]
    draw(report, "?")
    st.query_params["lang"] = "zh"
    draw(report)
    assert '<div class="ft" lang="zh"><i>是</i></div>' in page[-1]
    st.query_params["guidance"] = "GF000001"
    draw(report)
    assert made == ["", "", "?", "", ""]


def test_what_asks_the_reader_is_refused(page):
    @drawn_once
    def asks(report: Report) -> None:
        page_of(len(report.rows))

    with pytest.raises(RuntimeError, match="drawn once"):
        asks(Report([1]))
    show("<p>after</p>")
    assert page == ['<div class="ft" lang="en"><p>after</p></div>'], "nothing is written down any more"
