"""Reports due and received: who owes one, and of whom it came."""

from datetime import date

from fundtrack.reports.received import reports_received
from fundtrack.store.editions import Store


def test_the_demo_has_84_due_and_79_received(demo_folder):
    """Counted by hand in test_demo: 82 funds that count and are in being, two dollar funds; five did not send."""
    ledger = Store(demo_folder).ledger()
    found = reports_received(ledger, date(2017, 9, 30))
    assert (found.period, found.ends_on, found.due, found.received) == ("2017Q3", date(2017, 9, 30), 84, 79)


def test_before_the_first_report_nothing_is_due(demo_folder):
    assert reports_received(Store(demo_folder).ledger(), date(2008, 1, 1)) is None
