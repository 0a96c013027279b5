"""A checkpoint: a small signed note of where the chain stood, to be kept elsewhere or printed.

Whoever can write the data folder can recompute the whole chain, or cut off its tail, and make everything in it agree
again; against a note that lies elsewhere neither is possible. The signature says which installation wrote the note.
It is Ed25519 over the UTF-8 text that `json.dumps(note, ensure_ascii=False, sort_keys=True, separators=(",", ":"))`
writes of all its other fields, so that any library can check it.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import polars as pl

from fundtrack.errors import InputError, IntegrityError, Problem
from fundtrack.store import access
from fundtrack.store.chain import FIRST, iso
from fundtrack.store.folders import Folders
from fundtrack.store.keys import fingerprint, known_keys, public_text, signed_by, signing_key
from fundtrack.store.ledger import Ledger

KIND: Final = "fundtrack checkpoint 1"
_LARGEST: Final = 100_000
"""Bytes; a note has some four hundred."""


@dataclass(frozen=True)
class Checkpoint:
    """Where the chain stood.

    Attributes:
        edition: the edition that the note is of.
        batches: how many batches it holds.
        last_batch: the last of them.
        head_hash: that batch's hash, which stands over all before it.
        made_at: when the note was made, UTC.
        public_key: of the installation, base64 of 32 bytes.
        signature: over everything else, base64; empty while it is being made.
        access_head: hash of the access log's last line then; empty where there was none, None in a note that does not speak of it.
    """

    edition: int
    batches: int
    last_batch: str
    head_hash: str
    made_at: str
    public_key: str
    signature: str = ""
    access_head: str | None = None

    def content(self) -> bytes:
        """What is signed."""
        fields = {name: value for name, value in self.as_json().items() if name != "signature"}
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def as_json(self) -> dict[str, Any]:
        """The note as it is written."""
        said = {"kind": KIND, **asdict(self)}
        return said if self.access_head is not None else {k: v for k, v in said.items() if k != "access_head"}

    @property
    def key_name(self) -> str:
        """The short name of the key, to be read aloud."""
        return fingerprint(self.public_key)

    @classmethod
    def read(cls, path: Path) -> Self:
        """A note from its file, its signature not yet looked at.

        Raises:
            InputError: `checkpoint_unreadable`, where the file is missing or is no such note.
        """
        try:
            with path.open("rb") as file:
                given = json.loads(file.read(_LARGEST))
            if given.pop("kind", None) != KIND:
                raise ValueError(path.name)  # noqa: TRY301
            note = cls(**given)
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise InputError("checkpoint_unreadable", file=path) from error
        texts = (
            note.access_head or "",
            note.last_batch,
            note.head_hash,
            note.made_at,
            note.public_key,
            note.signature,
        )
        numbers = (note.edition, note.batches)
        if not all(type(each) is str for each in texts) or not all(type(each) is int for each in numbers):
            raise InputError("checkpoint_unreadable", file=path)
        return note


def checkpoint(
    ledger: Ledger, keys: Path, now: datetime | None = None, access_head: str | None = None
) -> Checkpoint:
    """Make the note of what a ledger knows, signed with the key of a folder.

    Args:
        ledger: what is known.
        keys: the folder of the key.
        now: when.
        access_head: hash of the access log's last line, where the note is to hold the log, too.

    Raises:
        InputError: `no_edition`, where nothing has been published.
        BusyError, IntegrityError: as `signing_key`.
    """
    if ledger.edition is None:
        raise InputError("no_edition")
    batches = ledger.batches()
    key = signing_key(keys)
    head = batches["hash"][-1] if batches.height else FIRST
    at = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    blank = Checkpoint(
        ledger.edition, batches.height, ledger.batch_id, head, iso(at), public_text(key.public_key()),
        access_head=access_head,
    )  # fmt: skip
    signature = b64encode(key.sign(blank.content())).decode()
    return Checkpoint(**asdict(blank) | {"signature": signature})


def trusted(
    note: Checkpoint, folders: Folders, keys: Path | None = None, public_key: str | None = None
) -> None:
    """Refuse a note that was not signed as it reads, or by a key that nobody here knows.

    Args:
        note: what was read.
        folders: of the data, whose own keys are known.
        keys: another folder of keys, where the installation keeps them elsewhere.
        public_key: a key that the reader brought along, on paper or otherwise; it alone counts then.

    Raises:
        IntegrityError: `checkpoint_forged`.
        InputError: `checkpoint_key_unknown`.
    """
    if not signed_by(note.public_key, note.signature, note.content()):
        raise IntegrityError("checkpoint_forged")
    known = {public_key} if public_key else known_keys(keys or folders.keys)
    if note.public_key not in known and note.key_name not in known:
        raise InputError("checkpoint_key_unknown", key=note.key_name)


def against_log(note: Checkpoint, folders: Folders) -> Iterator[Problem]:
    """What of a note the access log no longer holds: its end, as it was then. Days that were pruned since are not missed."""
    if not note.access_head or access.holds(folders, note.access_head):
        return
    first = min((path.stem for path in access.files_of(folders)), default="")
    if not (access.pruned(folders) and first > note.made_at[:10]):
        yield Problem("checkpoint_access_cut", about={"made_at": note.made_at})


def against(note: Checkpoint, batches: pl.DataFrame, editions: pl.DataFrame) -> Iterator[Problem]:
    """What of a note the chain no longer holds.

    Args:
        note: a trusted one.
        batches: the chain as it stands.
        editions: its list of editions.
    """
    about = {"edition": str(note.edition), "batch": note.last_batch, "made_at": note.made_at}
    if batches.height < note.batches:
        have = {"have": str(batches.height), "count": str(note.batches)}
        yield Problem("checkpoint_tail_cut", about=about | have)
        return
    if note.batches:
        standing = batches.row(note.batches - 1, named=True)
        if (standing["batch_id"], standing["hash"]) != (note.last_batch, note.head_hash):
            yield Problem("checkpoint_chain_differs", about=about)
            return
    row = editions.filter(pl.col("edition") == note.edition)
    if row.select("last_batch_id", "head_hash").rows() != [(note.last_batch, note.head_hash)]:
        yield Problem("checkpoint_edition_differs", about=about)
