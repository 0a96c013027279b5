"""`fundtrack export audit`: a folder with everything that an auditor takes away; the same edition gives the same bytes."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import polars as pl

from fundtrack.errors import BusyError, InputError
from fundtrack.reports.pack import questions, tables
from fundtrack.reports.pack.documents import Handover, declaration, handover_list
from fundtrack.store.checkpoint import checkpoint
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Ledger
from fundtrack.store.masking import HIDDEN
from fundtrack.text.say import say

HANDOVER: Final = "数据移交清单.docx"
DECLARATION: Final = "电子数据真实性完整性承诺书.docx"
_TOTALS: Final = ("name", "rows", "field", "currency", "total")
Progress = Callable[[int, int], None]


@dataclass
class Pack:
    """A pack that is being written, or was.

    Attributes:
        out: its folder.
        edition: what it holds.
        digests: SHA-256 of each file, in the order of writing.
    """

    out: Path
    edition: int
    digests: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, content: bytes) -> str:
        """Write a file, and give its SHA-256."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.digests[name] = hashlib.sha256(content).hexdigest()
        return self.digests[name]


def export_audit(store: Store, keys: Path, out: Path) -> Pack:
    """Write the pack of the newest edition.

    Args:
        store: the data folder.
        keys: where the installation's signing key stands, which signs the checkpoint.
        out: a folder that does not stand yet, or is empty.

    Raises:
        InputError: `no_edition`; `out_not_empty`, where something stands there.
        BusyError: `not_writable_file`.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise InputError("out_not_empty", folder=out)
        with store.ledger().held() as ledger:
            return _written(store, ledger, keys, out)
    except OSError as error:
        raise BusyError("not_writable_file", file=out) from error


def _written(store: Store, ledger: Ledger, keys: Path, out: Path) -> Pack:
    if ledger.edition is None:
        raise InputError("no_edition")
    pack = Pack(out, ledger.edition)
    editions = ledger.editions()
    published: datetime = editions["published_at"][-1]
    note = checkpoint(ledger, keys, published)
    listed, totals = _tables(pack, ledger)
    pack.put("control_totals.csv", _csv(totals, _TOTALS))
    _words(pack, ledger)
    edition_file = f"proof/{store.edition_path(ledger.edition).name}"
    pack.put(edition_file, store.edition_path(ledger.edition).read_bytes())
    for name in ledger.batches()["batch_id"]:
        pack.put(f"proof/batches/{name}.jsonl", store.folders.archive(name).read_bytes())
    pack.put("checkpoint.json", _json(note.as_json()))
    about = {
        "edition": ledger.edition,
        "edition_file": edition_file,
        "tables": tables.ledger_tables(),
        "hidden": HIDDEN,
    }
    pack.put("pack.json", _json(about))
    pack.put("verify.py", (files("fundtrack.reports.pack") / "verify.py").read_bytes())
    others = [
        (name, digest)
        for name, digest in pack.digests.items()
        if not name.startswith(("csv/", "pipe/", "parquet/", "zh/", "proof/batches/"))
    ]
    of = Handover(
        ledger.edition,
        published,
        note.head_hash,
        note.batches,
        str(ledger.default_as_of or "—"),
        listed,
        others,
    )
    pack.put(HANDOVER, handover_list(of, "zh"))
    pack.put(DECLARATION, declaration(of, "zh"))
    pack.put("en/handover-list.docx", handover_list(of, "en"))
    pack.put("en/declaration.docx", declaration(of, "en"))
    manifest = sorted(
        (name, str((out / name).stat().st_size), digest) for name, digest in pack.digests.items()
    )
    pack.put("manifest.csv", _csv(manifest, ("file", "bytes", "sha256")))
    return pack


def _tables(pack: Pack, ledger: Ledger) -> tuple[list[tuple[str, str, int, str, str]], list[tuple[Any, ...]]]:
    """Write every table and view; give what the list of handover says of each, and the control totals."""
    listed, totals = [], []
    for one in tables.packed(ledger):
        texts = tables.as_text(one.frame)
        digest = pack.put(f"csv/{one.name}.csv", tables.comma_separated(texts))
        pack.put(f"pipe/{one.name}.txt", tables.pipe_delimited(texts))
        pack.put(f"parquet/{one.name}.parquet", tables.parquet(one.frame))
        if one.chinese:
            title, renamed = one.chinese
            pack.put(f"zh/{title}.csv", tables.comma_separated(texts.rename(renamed)))
        own = list(tables.control_totals(one.name, one.frame))
        totals += own
        sums = "\n".join(
            f"{column} {of} {total}".replace("  ", " ") for _, _, column, of, total in own if column
        )
        listed.append((one.name, one.chinese[0] if one.chinese else "", one.frame.height, sums, digest))
    return listed, totals


def _words(pack: Pack, ledger: Ledger) -> None:
    """Write the data dictionary, the sample queries with their answers, and what the pack is."""
    heads = ("name", "kind", "chinese_name", "column", "words_zh", "words_en")
    pack.put("dictionary.csv", _csv(tables.dictionary(), heads))
    for name, sql, answer in questions.answered(ledger):
        pack.put(f"queries/{name}.sql", sql.encode())
        pack.put(f"queries/{name}.expected.csv", tables.comma_separated(tables.as_text(answer)))
    pack.put(
        "README.txt",
        "\n\n".join(say("pack.readme", lang, edition=pack.edition) for lang in ("zh", "en")).encode(
            "utf-8-sig"
        ),
    )


def _csv(rows: Any, heads: tuple[str, ...]) -> bytes:
    frame = pl.DataFrame(
        [[None if cell == "" else str(cell) for cell in row] for row in rows],
        schema=dict.fromkeys(heads, pl.String()),
        orient="row",
    )
    return tables.comma_separated(tables.as_text(frame))


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
