"""A clock that is moved: no edition is dated before the one before it, and what was known on a day is answered by that."""

from datetime import UTC, date, datetime, timedelta

import pytest
from storekit import MANAGER, batch, load

from fundtrack.store import definitions, publish
from fundtrack.store.chain import iso
from fundtrack.store.editions import Store
from fundtrack.store.rebuild import rebuild
from fundtrack.store.verify import verify

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def without_views(monkeypatch):
    """Views say nothing of moments, and take longer than all else."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())


def put(store, monkeypatch, now, turn):
    """Publish an edition by a clock that shows a moment."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return now.astimezone(tz)

    monkeypatch.setattr(publish, "datetime", Clock)
    load(store, batch({"manager": [MANAGER | {"name": f"其后{turn}"}]}, f"{turn}".encode()))


@pytest.mark.parametrize(
    ("shown", "dated"),
    [
        pytest.param([0 * HOUR, HOUR, 2 * HOUR], [0 * HOUR, HOUR, 2 * HOUR], id="a clock that runs"),
        pytest.param([0 * HOUR, 0 * HOUR], [0 * HOUR, 0 * HOUR], id="twice in one moment"),
        pytest.param([0 * HOUR, -HOUR], [0 * HOUR, 0 * HOUR], id="moved back an hour"),
        pytest.param(
            [0 * HOUR, -400 * DAY, -399 * DAY], [0 * HOUR] * 3, id="moved back a year, and running on"
        ),
        pytest.param([0 * HOUR, -HOUR, HOUR], [0 * HOUR, 0 * HOUR, HOUR], id="moved back and set right"),
        pytest.param(
            [0 * HOUR, 30 * DAY, HOUR], [0 * HOUR, 30 * DAY, 30 * DAY], id="it was ahead for a while"
        ),
        pytest.param([0 * HOUR, -timedelta(microseconds=1)], [0 * HOUR, 0 * HOUR], id="a tick back"),
    ],
)
def test_no_edition_is_dated_before_the_one_before_it(tmp_path, monkeypatch, shown, dated):
    store = Store(tmp_path / "data")
    for turn, after in enumerate(shown):
        put(store, monkeypatch, NOON + after, turn)
    right = [(NOON + after).replace(tzinfo=None) for after in dated]
    assert store.ledger().editions()["published_at"].to_list() == right
    heads = [
        archive.read_text("utf-8").splitlines()[0]
        for archive in sorted(store.folders.batches.glob("*.jsonl"))
    ]
    assert [iso(moment) in head for moment, head in zip(right, heads, strict=True)] == [True] * len(right)
    assert verify(store) == []


def test_what_was_known_on_a_day_is_the_last_edition_until_then(tmp_path, monkeypatch):
    """The second was loaded by a clock two days behind: it was not known two days before the first."""
    store = Store(tmp_path / "data")
    for turn, after in enumerate((0 * DAY, -2 * DAY, 3 * DAY)):
        put(store, monkeypatch, NOON + after, turn)
    days = {date(2026, 3, 10): 2, date(2026, 3, 11): 2, date(2026, 3, 14): 3}
    assert {day: store.ledger(day).edition for day in days} == days


def test_rebuilt_it_has_the_same_moments(tmp_path, monkeypatch):
    store = Store(tmp_path / "data")
    for turn, after in enumerate((0 * DAY, -2 * DAY, DAY)):
        put(store, monkeypatch, NOON + after, turn)
    again = Store(tmp_path / "again")
    rebuild(store.folders, again.folders.data, None)
    assert again.ledger().editions().equals(store.ledger().editions())
