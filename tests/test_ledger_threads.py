"""One ledger asked by many threads, as a server's pages ask it: what one holds is no other's connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from storekit import two_editions

from fundtrack.store.ledger import Ledger

THREADS = 4


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return two_editions(tmp_path).ledger()


def test_threads_hold_connections_of_their_own(ledger):
    """All of them hold one at the same moment, ask by it, and leave in another order than they came."""
    together = Barrier(THREADS)

    def ask(_: int) -> tuple[int, int]:
        with ledger.held():
            together.wait(20)
            with ledger._connect() as con:
                mine = id(con)
            together.wait(20)
            rows = ledger.query("SELECT count(*) AS n FROM batch")["n"][0]
            together.wait(20)
        return mine, rows

    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(ask, range(THREADS)))
    assert len({mine for mine, _ in told}) == THREADS
    assert {rows for _, rows in told} == {ledger.batches().height}


def test_what_a_thread_held_serves_nobody_afterwards(ledger):
    begun, ended = Barrier(2), Barrier(2)

    def hold() -> None:
        with ledger.held():
            begun.wait(20)
            ended.wait(20)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        begun.wait(20)
        with ledger.held():  # begins while the other holds, and ends after it
            ended.wait(20)
            holding.result(20)
            assert ledger.batches().height > 0
        assert ledger.batches().height > 0


def test_within_what_is_held_one_connection_answers(ledger):
    with ledger.held(), ledger._connect() as first, ledger.held(), ledger._connect() as second:
        assert first.sql("SELECT 1").fetchall() == [(1,)]
        assert first is second


def test_columns_of_tables_are_read_by_many_at_once(ledger):
    """As the pages do for whom the targets are counted."""

    def read(_: int) -> int:
        return ledger.only({"manager": ("manager_id", "name")})["manager"].height

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(read, range(40))) == {ledger["manager"].height}


def test_tables_may_be_read_while_columns_of_others_are_looked_up(ledger):
    class Wanted(dict):
        """Lets somebody read another table whenever it is asked."""

        def __contains__(self, table):
            for other in ("manager", "company", "partner_fund"):
                assert ledger[other] is not None
            return super().__contains__(table)

    assert ledger["cover"] is not None
    assert ledger.only(Wanted(cover=("sender",)))["cover"].columns == ["sender"]
