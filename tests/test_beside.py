"""The process beside the server gives the reports that the server would make, whoever looks; what it cannot make is left out."""

import os
import signal
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from small_portfolio import write_portfolio
from ui_pages import publish

from fundtrack.reports.companies import companies_report
from fundtrack.reports.findings import findings_report
from fundtrack.reports.funds import funds_report
from fundtrack.reports.returns import returns_report
from fundtrack.service.scope import Sight
from fundtrack.ui import beside, comparing, foreseen, reports_of
from fundtrack.ui.beside import Beside, make

DAY = date(2017, 9, 30)
KEPT = [
    (function, None)
    for function in (
        reports_of._progress, reports_of.growth_report, reports_of.reports_received, funds_report, returns_report, findings_report,
        companies_report, reports_of.trail_report, reports_of.coordination_report, reports_of.indicator_report, reports_of.published_report,
        reports_of.imprint, foreseen.forecast_report, foreseen.plan_report,
    )
]  # fmt: skip


def fails(ledger, as_of):
    raise ValueError


def ends(ledger, as_of):
    os._exit(1)


def sleeps(ledger, as_of):
    time.sleep(60)


def who(ledger, as_of, more):
    return os.getpid(), os.nice(0), as_of, more


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    publish(folder / "data", write_portfolio(folder / "a.xlsx"))
    return folder / "data"


@pytest.fixture(scope="module")
def at():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        found = Beside()
        yield found
        found._end()


def same(one, other) -> bool:
    """Whether two reports say the same, frame by frame."""
    if isinstance(one, pl.DataFrame):
        return isinstance(other, pl.DataFrame) and one.equals(other) and one.schema == other.schema
    if hasattr(type(one), "__dataclass_fields__"):
        return type(one) is type(other) and all(
            same(getattr(one, name), getattr(other, name)) for name in type(one).__dataclass_fields__
        )
    if isinstance(one, tuple | list):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other or one is other


@pytest.mark.parametrize(
    ("funds", "calls"),
    [
        pytest.param(None, KEPT, id="all"),
        pytest.param(("GF000001",), [(funds_report, None), (returns_report, None)], id="one guidance fund"),
    ],
)
def test_its_reports_are_those_that_the_server_makes(at, data, funds, calls):
    sight = Sight(str(data), funds)
    ledger = sight.store.ledger(known_at=1)
    given = at.reports(sight, 1, DAY, calls)
    assert [call for call, _ in given] == calls
    for call, made in given:
        assert same(made, make(call, ledger, DAY)), call


def test_changes_since_the_edition_before_are_those_that_the_server_finds(at, tmp_path):
    publish(tmp_path / "data", write_portfolio(tmp_path / "a.xlsx"))
    grown = {
        "partner_fund": [{"partner_fund_id": "PF000003", "name": "示例丙天使基金", "committed_size": "6000"}]
    }
    publish(tmp_path / "data", write_portfolio(tmp_path / "b.xlsx", grown))
    sight = Sight(str(tmp_path / "data"))
    call = (comparing._changes, (sight, 1))
    [(_, found)] = at.reports(sight, 2, DAY, [call])
    assert (found.from_edition, found.to_edition) == (1, 2)
    assert [(one.table, one.field, one.new) for one in found.changes if one.table != "cover"] == [
        ("partner_fund", "committed_size", Decimal("60000000.00"))
    ]
    assert same(found, make(call, sight.store.ledger(known_at=2), DAY))
    assert at.reports(sight, 1, DAY, [call]) == [], "before the first edition there is none"


def test_it_works_aside_and_goes_on_answering(at, data):
    sight = Sight(str(data))
    [(_, (first, nice, *told))] = at.reports(sight, 1, DAY, [(who, ("a", 1))])
    assert (told, nice) == ([DAY, ("a", 1)], os.nice(0) + beside._YIELD)
    [(_, (again, *_))] = at.reports(sight, 1, DAY, [(who, "b")])
    assert first == again != os.getpid()


@pytest.mark.parametrize(
    ("wrong", "edition"),
    [pytest.param(fails, 1, id="a report fails"), pytest.param(funds_report, 9, id="no such edition")],
)
def test_what_cannot_be_made_is_left_out(at, data, wrong, edition):
    sight = Sight(str(data))
    assert at.reports(sight, edition, DAY, [(wrong, None)]) == []
    assert len(at.reports(sight, 1, DAY, [(wrong, None), (who, 1)])) == 1 + (edition == 9)


def test_a_report_that_cannot_be_sent_is_left_out(at, data):
    assert at.reports(Sight(str(data)), 1, DAY, [(lambda ledger, as_of: 1, None)]) == []
    assert len(at.reports(Sight(str(data)), 1, DAY, [(who, 1)])) == 1


def test_one_that_ends_or_takes_too_long_is_followed_by_another(at, data, monkeypatch):
    sight = Sight(str(data))
    assert [call for call, _ in at.reports(sight, 1, DAY, [(who, 1), (ends, None), (who, 2)])] == [(who, 1)]
    [(_, (first, *_))] = at.reports(sight, 1, DAY, [(who, 1)])
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert len(at.reports(sight, 1, DAY, [(who, 1)])) == 1
    with monkeypatch.context() as patch:
        patch.setattr(beside, "LONGEST", 0.5)
        assert at.reports(sight, 1, DAY, [(sleeps, None), (who, 1)]) == []
    assert len(at.reports(sight, 1, DAY, [(who, 1)])) == 1


def test_it_ends_with_the_server():
    at = Beside()
    process, line = at._running()
    line.close()
    assert process.wait(60) == 0
