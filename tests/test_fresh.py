"""A new edition is shown when its reports stand: one thread makes them, everybody else reads on, and nobody for too long."""

import threading
from pathlib import Path

import pytest

from fundtrack.service.scope import Sight
from fundtrack.ui import fresh
from fundtrack.ui.fresh import Fresh

ALL, SOME = Sight("/data"), Sight("/data", ("GF-01",))
REPORT, OTHER = (print, "a"), (print, None)


class Making:
    """Reports that are computed when the test says so."""

    def __init__(self) -> None:
        self.go, self.asked, self.fails = threading.Event(), [], False

    def __call__(self, sight, edition, calls) -> None:
        self.asked.append((sight, edition, calls))
        assert self.go.wait(20)
        if self.fails:
            raise ValueError


@pytest.fixture
def making():
    found = Making()
    yield found
    found.go.set()


def test_the_edition_before_is_shown_until_the_reports_stand(making):
    at = Fresh(making)
    assert at.shown(ALL, 1, 0) == 1
    for call in (REPORT, OTHER, REPORT):
        at.looked(ALL, call)
    assert [at.shown(ALL, 2, 0) for _ in range(50)] == [1] * 50
    making.go.set()
    assert at.shown(ALL, 2, 20) == 2
    assert making.asked == [(ALL, 2, (OTHER, REPORT))], "computed once, for all fifty"


def test_who_waits_long_enough_sees_the_new_edition_at_once(making):
    at = Fresh(making)
    at.shown(ALL, 1, 0)
    at.looked(ALL, REPORT)
    making.go.set()
    assert at.shown(ALL, 2, 20) == 2


def test_where_nothing_was_looked_at_nothing_is_waited_for(making):
    at = Fresh(making)
    assert [at.shown(ALL, edition, 0) for edition in (1, 2, 5)] == [1, 2, 5]
    assert making.asked == []


def test_a_damaged_newest_edition_gives_way(making):
    at = Fresh(making)
    assert [at.shown(ALL, edition, 0) for edition in (5, 4)] == [5, 4]


def test_each_sight_has_its_own(making):
    at = Fresh(making)
    for sight in (ALL, SOME):
        at.shown(sight, 1, 0)
    at.looked(SOME, REPORT)
    assert (at.shown(ALL, 2, 0), at.shown(SOME, 2, 0)) == (2, 1)


def test_reports_that_fail_keep_nobody_at_an_earlier_edition(making):
    making.fails = True
    at = Fresh(making)
    at.shown(ALL, 1, 0)
    at.looked(ALL, REPORT)
    making.go.set()
    assert at.shown(ALL, 2, 20) == 2


def test_nobody_is_shown_an_earlier_edition_for_longer_than_a_minute(making, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(fresh.time, "monotonic", lambda: now[0])
    at = Fresh(making)
    at.shown(ALL, 1, 0)
    at.looked(ALL, REPORT)
    assert at.shown(ALL, 2, 0) == 1
    now[0] += fresh.LONGEST - 1
    assert at.shown(ALL, 3, 0) == 1
    now[0] += 2
    assert at.shown(ALL, 3, 0) == 3
    making.go.set()
    assert at.shown(ALL, 3, 0) == 3, "what was being made is of an earlier one"


def test_only_so_many_reports_are_made_ahead(making):
    at = Fresh(making)
    at.shown(ALL, 1, 0)
    for number in range(fresh.MOST + 10):
        at.looked(ALL, (print, number))
    at.looked(Sight(str(Path("/other"))), REPORT)
    making.go.set()
    at.shown(ALL, 2, 20)
    [(_, _, calls)] = making.asked
    assert [more for _, more in calls] == list(range(10, fresh.MOST + 10))
