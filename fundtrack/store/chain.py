"""The archive of a batch: canonical JSON lines whose SHA-256, over the previous one, makes a chain.

Line 1 is the header: all that the batch says of itself and the previous batch's hash. Each further line is one row:
`table`, `op`, `sheet`, `row_number`, then its fields by name. Values are texts (decimals with their fixed scale, dates
in ISO 8601, `true` / `false`), unknown ones are left out, and the line is what
`json.dumps(row, ensure_ascii=False, separators=(",", ":"))` writes, so that any JSON library can check it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from fundtrack.store.batches import BatchMeta, in_utc

FIRST: Final = ""
"""Previous hash of the first batch."""
_NULL_FIELDS: Final = r',"[a-z_0-9]+":null'


def encode(value: Any) -> str:
    """Canonical JSON of a value: no spaces, characters as they are.

    >>> encode({"sender": "示例", "rows": 2})
    '{"sender":"示例","rows":2}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def lines(table: str, rows: pl.DataFrame) -> pl.Series:
    """The canonical lines of a draft's or a log's rows; `batch_id`, which the header says, is left out.

    >>> lines("rule", pl.DataFrame({"op": ["put"], "row_number": [3], "row_key": ["a|b"], "value": [None]})).to_list()
    ['{"table":"rule","op":"put","row_number":"3","row_key":"a|b"}']
    """
    places = [name for name in ("op", "sheet", "row_number") if name in rows.columns]
    rest = sorted(
        name
        for name in rows.columns
        if name not in {*places, "batch_id"} and rows[name].null_count() < rows.height
    )
    fields = pl.struct(pl.lit(table).alias("table"), pl.col(places + rest).cast(pl.String))
    found = rows.select(fields.struct.json_encode().alias("line"))["line"]
    if any(rows[name].null_count() for name in places + rest):
        # An unescaped quote after a comma opens a name, so that no text within a value can match.
        found = found.str.replace_all(_NULL_FIELDS, "")
    return found


def iso(moment: datetime) -> str:
    """A moment of the ledger (UTC without zone) as the header writes it.

    >>> iso(datetime(2017, 10, 1, 8))
    '2017-10-01T08:00:00Z'
    """
    return f"{moment.isoformat(timespec='seconds')}Z"


def header(
    batch: str, meta: BatchMeta, stamp: Mapping[str, Any], columns: pl.DataFrame, previous: str
) -> dict[str, Any]:
    """The header of a batch's archive.

    Args:
        batch: the batch's id.
        meta: what it says of itself.
        stamp: its edition, who published it and when, digests of the edition's views and results.
        columns: where each field stood in the file.
        previous: hash of the batch before.
    """
    written = columns.with_columns(pl.col("unit_factor").cast(pl.String)).to_dicts()
    return {
        "batch_id": batch, "file_name": meta.file_name, "file_sha256": meta.file_sha256, "sender": meta.sender,
        "as_of": meta.as_of.isoformat() if meta.as_of else None, "kind": meta.kind, "loaded_by": meta.loaded_by,
        "loaded_at": iso(in_utc(meta.loaded_at)), "reviewer": meta.reviewer, "reason": meta.reason, "reverses": meta.reverses,
        "program_version": meta.program_version, "profile": meta.profile, "cover": meta.cover,
        "complete": list(meta.complete), "counts": meta.counts, **stamp, "columns": written, "previous_hash": previous,
    }  # fmt: skip


def write_rows(path: Path, puts: Mapping[str, pl.DataFrame]) -> None:
    """Write the canonical lines of a batch's rows: an archive that has no header yet."""
    with path.open("wb") as file:
        for table, rows in puts.items():
            if rows.height:
                lines(table, rows).to_frame().write_csv(file, include_header=False, quote_style="never")


def seal(path: Path, head: Mapping[str, Any], rows: Path) -> str:
    """Write an archive, the header above its rows, and give its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as archive, rows.open("rb") as body:
        block = encode(head).encode() + b"\n"
        while block:
            digest.update(block)
            archive.write(block)
            block = body.read(1 << 20)
    return digest.hexdigest()


def read_head(path: Path) -> dict[str, Any]:
    """An archive's header.

    Raises:
        ValueError: where the first line is no JSON object.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        head = json.loads(file.readline())
    if not isinstance(head, dict):
        raise ValueError(path.name)  # noqa: TRY004 - the file is wrong, not the call
    return head


def read_rows(path: Path) -> list[str]:
    """An archive's rows as lines."""
    return path.read_text(encoding="utf-8", errors="replace").split("\n")[1:-1]
