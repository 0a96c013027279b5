"""Somebody alters a copy of the data folder: each way is found, and the row, batch or file named."""

import hashlib
import io
import json
import random
import shutil
import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_portfolio import FIFTH_FUND, write_portfolio

from fundtrack.load import pipeline
from fundtrack.load.agree import recheck
from fundtrack.reports.progress import progress_report
from fundtrack.store.chain import FIRST
from fundtrack.store.checkpoint import Checkpoint, checkpoint
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

pytestmark = pytest.mark.fault
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A folder of two editions with all metrics, and a checkpoint kept elsewhere."""
    folder = tmp_path_factory.mktemp("original")
    store = Store(folder / "data")
    pipeline.load(store, [write_portfolio(folder / "a.xlsx")], by="王", seeds=SEEDS)
    pipeline.load(store, [write_portfolio(folder / "b.xlsx", FIFTH_FUND, "2017-11-30")], by="王", seeds=SEEDS)
    return store.folders.data, checkpoint(store.ledger(), folder / "keys")


@pytest.fixture
def copy(original, tmp_path):
    """A copy to be altered."""
    shutil.copytree(original[0], tmp_path / "data", copy_function=shutil.copy2)
    for path in (tmp_path / "data").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return Store(tmp_path / "data")


def problems(store: Store, note: Checkpoint | None = None) -> list[str]:
    """Every problem with its place, in one text each."""
    return [
        " ".join(filter(None, [one.code, one.file, *one.about.values()]))
        for one in verify(store, recheck, note)
    ]


def altered(store: Store, *statements: str, edition: int | None = None) -> None:
    """SQL by a hand that can write, which covers its tracks at the auditor's path."""
    number = edition or store.newest()
    path = store.edition_path(number)
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)
    if number == store.newest():
        shutil.copyfile(path, store.folders.published)


def last_batch(store: Store) -> str:
    return store.ledger().batch_id


def swap_files(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def resaved(store: Store) -> None:
    """The workbook opened and saved again by another program: the same cells, other bytes."""
    import openpyxl

    source = store.folders.source(workbook_hash(store))
    book = openpyxl.load_workbook(io.BytesIO(source.read_bytes()))
    again = io.BytesIO()
    book.save(again)
    source.write_bytes(again.getvalue())


def workbook_hash(store: Store) -> str:
    batches = store.ledger().batches()
    return str(batches.filter(batches["file_name"] == "a.xlsx")["file_sha256"][0])


def batch_of(store: Store) -> str:
    batches = store.ledger().batches()
    return str(batches.filter(batches["file_name"] == "a.xlsx")["batch_id"][0])


@pytest.mark.parametrize(
    ("act", "named"),
    [
        pytest.param(lambda store: altered(store, "UPDATE partner_fund_log SET committed_size = committed_size + 1 WHERE row_key = 'PF000001'"),
                     ["row_altered", "PF000001", "partner_fund"], id="one value by SQL UPDATE"),
        pytest.param(lambda store: altered(store, "INSERT INTO partner_fund_log BY NAME SELECT * REPLACE ('PF999' AS row_key) FROM partner_fund_log WHERE row_key = 'PF000001'"),
                     ["row_added", "PF999"], id="a row added"),
        pytest.param(lambda store: altered(store, "DELETE FROM cash_flow_log WHERE row_key LIKE 'PA000003%'"), ["row_missing", "PA000003"], id="a row removed"),
        pytest.param(lambda store: store.folders.archive(batch_of(store)).unlink(), ["archive_missing", "{batch}"], id="a batch deleted"),
        pytest.param(lambda store: altered(store, f"DELETE FROM batch WHERE batch_id = '{batch_of(store)}'"), ["{batch}"], id="a batch deleted from the ledger"),
        pytest.param(lambda store: swap_files(store.folders.archive(batch_of(store)), store.folders.archive(last_batch(store))),
                     ["archive_altered", "{batch}"], id="batches reordered"),
        pytest.param(lambda store: store.folders.archive(last_batch(store)).unlink(), ["archive_missing", "{last}"], id="the last archive cut off"),
        pytest.param(lambda store: store.folders.source(workbook_hash(store)).write_bytes(b"replaced"), ["source_altered", "{batch}"], id="a source replaced"),
        pytest.param(resaved, ["source_altered", "{batch}"], id="a source saved again"),
        pytest.param(lambda store: store.folders.source(workbook_hash(store)).unlink(), ["source_missing", "{batch}"], id="a source removed"),
        pytest.param(lambda store: swap_files(store.edition_path(1), store.edition_path(2)), ["edition_misplaced", "edition-000002.duckdb"], id="editions swapped"),
        pytest.param(lambda store: altered(store, "UPDATE partner_fund_log SET committed_size = 1 WHERE row_key = 'PF000001'", edition=1),
                     ["edition-000001.duckdb", "PF000001"], id="an earlier edition altered"),
        pytest.param(lambda store: altered(store, "UPDATE view_text SET sql_text = replace(sql_text, '0.30', '0.40') WHERE name = 'progress_at'"),
                     ["view_altered", "progress"], id="a view's text altered"),
        pytest.param(lambda store: altered(store, "CREATE OR REPLACE VIEW progress AS SELECT 'partner_funds' AS code, 90.00 AS actual"),
                     ["view_altered", "progress"], id="a view replaced"),
        pytest.param(lambda store: altered(store, "UPDATE fund_metric SET value = value + 0.01 WHERE metric = 'dpi'"), ["result_altered", "fund_metric"], id="a stored metric altered"),
        pytest.param(lambda store: altered(store, "UPDATE batch_column SET unit_factor = 1 WHERE field = 'amount'"), ["columns_altered", "{batch}"], id="a unit factor altered"),
        pytest.param(lambda store: store.folders.published.write_bytes(store.edition_path(1).read_bytes()), ["published_differs", "fundtrack.duckdb"], id="the auditor's file put back to an older edition"),
    ],
)  # fmt: skip
def test_what_was_altered_is_found_and_named(copy, act, named):
    batch, last = batch_of(copy), last_batch(copy)
    assert problems(copy) == []
    act(copy)
    found = problems(copy)
    assert found
    for word in named:
        assert any(word.format(batch=batch, last=last) in each for each in found), (word, found)


def recomputed(store: Store) -> None:
    """A value altered, and everything in the folder made to agree again: rows, archives, hashes, headers, every edition."""
    store.edition_path(1).unlink()
    path = store.edition_path(2)
    batch = batch_of(store)
    archive = store.folders.archive(batch)
    archive.write_text(
        archive.read_text().replace('"committed_size":"100000000.00"', '"committed_size":"100000001.00"')
    )
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE partner_fund_log SET committed_size = 100000001 WHERE row_key = 'PF000001'")
        previous = FIRST
        for [name] in con.execute("SELECT batch_id FROM batch ORDER BY batch_id").fetchall():
            file = store.folders.archive(name)
            head, _, rows = file.read_text().partition("\n")
            said = json.loads(head) | {"previous_hash": previous}
            file.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n" + rows)
            own = hashlib.sha256(file.read_bytes()).hexdigest()
            con.execute(
                "UPDATE batch SET previous_hash = $1, hash = $2 WHERE batch_id = $3", [previous, own, name]
            )
            con.execute("UPDATE edition SET head_hash = $1 WHERE last_batch_id = $2", [own, name])
            previous = own
    shutil.copyfile(path, store.folders.published)


def test_a_chain_recomputed_without_the_key_is_found_by_the_checkpoint(copy, original):
    recomputed(copy)
    plain = verify(copy)  # the forger has made hashes agree, if not what Polars computes
    assert {one.code for one in plain} <= {"result_altered"}
    assert any(one.code == "checkpoint_chain_differs" for one in verify(copy, note=original[1]))


def test_the_last_batch_cut_off_with_its_edition_is_found_by_the_checkpoint(copy, original):
    last = last_batch(copy)
    copy.folders.edition(2).unlink()
    copy.folders.archive(last).unlink()
    shutil.copyfile(copy.folders.edition(1), copy.folders.published)
    assert problems(copy) == []
    [found] = verify(copy, note=original[1])
    assert (found.code, found.about["batch"]) == ("checkpoint_tail_cut", last)


def cell_change(store: Store, dice: random.Random) -> str:
    """One value of one row of the newest edition, altered by SQL."""
    path = store.edition_path(2)
    with duckdb.connect(str(path)) as con:
        tables = [name for [name] in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal AND table_name NOT IN ('migration')").fetchall()
                  if con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]]  # fmt: skip
        table = dice.choice(sorted(tables))
        columns = con.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1 ORDER BY 1", [table]
        ).fetchall()
        column, kind = dice.choice(columns)
        rows = con.execute(
            f'SELECT rowid, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL ORDER BY rowid'
        ).fetchall()
        if not rows:
            return ""
        row, old = dice.choice(rows)
        new = {"VARCHAR": f"'{str(old)[:-1]}¿'", "DATE": f"DATE '{old}' + 1", "BOOLEAN": str(not old), "TIMESTAMP": f"TIMESTAMP '{old}' + INTERVAL 1 DAY",
               "DOUBLE": f"{old!r} + 0.5"}.get(kind, f'"{column}" + 1').replace("''", "'")  # fmt: skip
        new = "'¿'" if kind == "VARCHAR" else new
        con.execute(f'UPDATE "{table}" SET "{column}" = {new} WHERE rowid = {row}')
    shutil.copyfile(path, store.folders.published)
    return f"{table}.{column} row {row}"


def byte_change(store: Store, dice: random.Random) -> str:
    """One byte of one file."""
    files = sorted(
        path
        for path in store.folders.data.rglob("*")
        if path.is_file() and path.name not in {".lock", "sweep.log"}
    )
    path = dice.choice(files)
    content = bytearray(path.read_bytes())
    if not content:
        return ""
    at = dice.randrange(len(content))
    content[at] ^= dice.randrange(1, 256)
    path.write_bytes(bytes(content))
    return f"{path.name} byte {at}"


def numbers(store: Store) -> str:
    """What officials and auditors read, as one text."""
    with store.ledger().held() as known:
        ours = json.dumps(progress_report(known).as_json(), default=str)
    with duckdb.connect(
        str(store.folders.published), read_only=True, config={"enable_external_access": "false"}
    ) as con:
        theirs = [
            con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
            for name in ("progress", "fund_metric", "partner_fund_summary", "participation_summary")
        ]
    return ours + repr(theirs)


COUNTS = [26, pytest.param(500, marks=pytest.mark.full)]


@pytest.mark.parametrize("count", COUNTS)
def test_no_random_change_is_accepted_with_a_changed_number(original, tmp_path, count):
    """Half of them single values by SQL, half single bytes of any file; found, or without any effect on a number."""
    dice, store = random.Random(20171231 + count), Store(tmp_path / "data")
    shutil.copytree(original[0], store.folders.data)
    true, harmless = numbers(store), 0
    for place in range(count):
        shutil.rmtree(store.folders.data)
        shutil.copytree(original[0], store.folders.data)
        for path in store.folders.data.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        what = (cell_change if place % 2 else byte_change)(store, dice)
        if verify(store):
            continue
        harmless += 1
        assert numbers(store) == true, what
    assert harmless < count / 5, harmless
