"""What the store's tests share: small batches by hand, and a ledger in memory."""

import atexit
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import polars as pl
import pytest

from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store import appending, definitions, migrate
from fundtrack.store.batches import COLUMNS_SCHEMA, BatchMeta, DraftBatch, batch_id, draft_schema
from fundtrack.store.computing import Check
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Ledger, borrowed

NOON = datetime(2017, 10, 9, 4, 0, tzinfo=UTC)
MANAGER = {"manager_id": "VC1", "name": "示例创投", "name_key": "示例创投"}
FUND = {
    "partner_fund_id": "PF1",
    "name": "示例一号",
    "name_key": "示例一号",
    "manager_id": "VC1",
    "currency": "CNY",
}


def rows(table: str, *given: dict[str, Any]) -> pl.DataFrame:
    """Rows of a draft: what is given, keyed, standing in their sheet from row 3."""
    schema = draft_schema(table)
    filled = [
        {"op": "put", "sheet": TABLES[table].info.zh, "row_number": place} | row
        for place, row in enumerate(given, 3)
    ]
    frame = pl.DataFrame(filled, schema=schema, strict=False)
    return frame.with_columns(frames.row_key(table)).select(list(schema))


def batch(
    puts: dict[str, pl.DataFrame | Sequence[dict[str, Any]]], source: bytes | Path = b"workbook", **said: Any
) -> DraftBatch:
    """A draft whose rows are given by hand."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    given: dict[str, Any] = {
        "file_name": "示例.xlsx", "file_sha256": hashlib.sha256(content).hexdigest(), "sender": "示例创投", "kind": "load",
        "loaded_by": "zhang", "loaded_at": NOON, "program_version": "0.1.0", "cover": {"sender": "示例创投"},
    } | said  # fmt: skip
    frames_of = {
        table: one if isinstance(one, pl.DataFrame) else rows(table, *one) for table, one in puts.items()
    }
    columns = [
        {
            "table_name": table,
            "sheet": TABLES[table].info.zh,
            "field": name,
            "column_letter": "A",
            "header": name,
        }
        for table in puts
        for name in ("note",)
    ]
    return DraftBatch(BatchMeta(**given), frames_of, pl.DataFrame(columns, schema=COLUMNS_SCHEMA), source)


def load(store: Store, *drafts: DraftBatch, check: Check | None = None) -> int:
    """Publish drafts as one edition."""
    with store.lock("zhang"):
        return store.publish(drafts, check=check).edition


def undo(store: Store, name: str, reason: str | None = "wrong file") -> int:
    """Publish a batch's reversal."""
    with store.lock("li"):
        return store.publish([store.undo(name, by="li", reason=reason, now=NOON, version="0.1.0")]).edition


@cache
def _base() -> Path:
    """A data folder with two editions, made once: a load, then a change of its row beside a second batch."""
    above = mkdtemp()
    atexit.register(shutil.rmtree, above, ignore_errors=True)
    folder = Path(above) / "data"
    store = Store(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "of_files", lambda: ())
        cover = {"sender": "示例创投", "as_of": date(2017, 9, 30), "unit": "元"}
        load(
            store,
            batch({"cover": [cover], "manager": [MANAGER | {"name": "旧名"}]}, cover={"as_of": "2017-09-30"}),
        )
        metric = pl.DataFrame({"participation_id": ["PA1", "PA2"], "irr": [0.1, None]})
        second = [batch({"manager": [MANAGER]}, b"news"), batch({"partner_fund": [FUND]}, b"fund")]
        load(store, *second, check=lambda *_: [{"fund_metric": metric}])
    return folder


def two_editions(folder: Path) -> Store:
    """A store of two editions and three batches, to do with as a test likes."""
    return Store(Path(shutil.copytree(_base(), folder / "data")))


class Memory:
    """A ledger in memory: batches are appended without files, editions or archives."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.count = 0

    @property
    def ledger(self) -> Ledger:
        return Ledger(lambda: borrowed(self.con), self.count, batch_id(self.count) if self.count else "")

    def append(self, draft: DraftBatch) -> str:
        self.count += 1
        appending.append_batches(self.con, self.count, {batch_id(self.count): draft})
        return batch_id(self.count)


@contextmanager
def memory() -> Iterator[Memory]:
    with duckdb.connect() as con:
        migrate.migrate(con, NOON.replace(tzinfo=None))
        migrate.ensure_logs(con)
        definitions.rebuild(con, definitions.of_model())
        yield Memory(con)


def tree(folder: Path) -> dict[str, str]:
    """Every file of a data folder but the lock and the log of sweeps, with its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {".lock", "sweep.log"}
    }


def hashes(store: Store) -> list[str]:
    """SHA-256 of each archive, in the order of batches."""
    return [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(store.folders.batches.glob("*.jsonl"))
    ]
