"""Reports that read a few columns say what they say of whole tables, in whatever order rows come."""

import pytest
from cities import random_city
from ledgers import ledger
from random_ledgers import random_rows

from fundtrack.model.rows import TABLES
from fundtrack.reports.few import few
from fundtrack.reports.progress import READ, progress_report
from fundtrack.service.scope import of_funds


class Given(dict):
    """Tables as a report takes them."""

    edition = 1
    default_as_of = None


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_rows_changes_nothing(seed):
    rows, as_of = random_rows(seed)
    tables = ledger(rows)
    said = progress_report(Given(tables), as_of).as_json()
    mixed = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in tables.items()}
    assert progress_report(Given(mixed), as_of).as_json() == said


@pytest.mark.parametrize("seed", range(3))
def test_a_ledger_gives_the_columns_asked_for_and_what_whole_tables_hold(tmp_path, seed):
    whole = random_city(tmp_path / "city", seed, 2).ledger()
    for funds in (None, ("G1",), ()):
        sight = of_funds(whole, funds)
        some = of_funds(whole, funds).only(READ)
        for table, names in READ.items():
            assert some[table].columns == list(names)
            assert some[table].sort(names).equals(sight[table].select(names).sort(names)), (table, funds)


def test_a_table_read_before_is_not_read_again(tmp_path):
    known = random_city(tmp_path / "city", 5).ledger()
    held = {table: known[table] for table in TABLES}
    known._opens = None
    assert few(known, READ)["manager"].equals(held["manager"].select(READ["manager"]))
