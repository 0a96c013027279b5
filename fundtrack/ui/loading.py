"""Loading from the browser: files put where the pipeline can read them, checked, published, taken back."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, cast

import streamlit as st

from fundtrack.load import pipeline
from fundtrack.load.outcome import Result
from fundtrack.metrics.members import Tables
from fundtrack.metrics.progress import LEDGER, progress
from fundtrack.settings import Settings
from fundtrack.store.batches import Published
from fundtrack.ui.address import forget
from fundtrack.ui.context import store
from fundtrack.ui.language import t


class Upload(Protocol):
    """A file as the browser sent it."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""
        ...


@dataclass(frozen=True)
class Effect:
    """What a load does to a target: its row before (None where there was none) and after."""

    before: dict[str, Any] | None
    after: dict[str, Any]


@contextmanager
def _staged(files: Sequence[Upload]) -> Iterator[list[tuple[Path, str]]]:
    """Files in a folder of their own for as long as they are read, each with the name its sender gave it."""
    with tempfile.TemporaryDirectory(prefix="fundtrack-") as folder:
        paths = []
        for n, file in enumerate(files):
            path = Path(folder) / f"{n}{Path(file.name).suffix}"
            path.write_bytes(file.getvalue())
            paths.append((path, file.name))
        yield paths


def check(files: Sequence[Upload]) -> Result:
    """What files would change; asked once per set of files and edition."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\x00" + hashlib.sha256(file.getvalue()).digest())
    key = (digest.hexdigest(), store().newest())
    if st.session_state.get("checked_key") != key:
        bar = st.progress(0.0, t("load.reading"))

        def tell(name: str, done: float) -> None:
            bar.progress(min(done, 1.0), name)

        with _staged(files) as paths:
            found = pipeline.check(store(), paths, seeds=Settings().seeds, progress=tell)
        bar.empty()
        st.session_state["checked"], st.session_state["checked_key"] = found, key
    return cast("Result", st.session_state["checked"])


def publish(files: Sequence[Upload], by: str, reason: str) -> None:
    """Publish what was checked, keep the receipt, and begin afresh."""
    settings = Settings()
    with _staged(files) as paths, st.spinner(t("load.publishing")):
        result = pipeline.load(
            store(),
            paths,
            by=by or None,
            reason=reason or None,
            seeds=settings.seeds,
            patience=settings.lock_wait,
        )
    _done({"result": result})


def undo(batch: str, by: str, reason: str) -> None:
    """Reverse a batch, keep the receipt, and begin afresh."""
    with st.spinner(t("load.publishing")):
        made: Published = pipeline.undo(
            store(), batch, by=by or None, reason=reason, patience=Settings().lock_wait
        )
    _done({"undone": batch, "published": made})


def _done(receipt: dict[str, Any]) -> None:
    st.session_state["receipt"] = receipt
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    for name in ("checked", "checked_key"):
        st.session_state.pop(name, None)
    forget("edition", "as_of")
    st.rerun()


def effects(result: Result) -> tuple[date | None, list[Effect]]:
    """The four targets before and after, both as of the date that would be shown after."""
    newest = result.state["cover"]["as_of"].max()
    if not isinstance(newest, date):
        return None, []
    now = progress(store().ledger(), newest)
    then = progress(cast("Tables", result.state), newest)
    before = {row["code"]: row for row in now.iter_rows(named=True)}
    return newest, [
        Effect(before.get(row["code"]), row) for row in then.iter_rows(named=True) if row["code"] in LEDGER
    ]


def minted(result: Result) -> dict[str, list[str]]:
    """The ids given, by table."""
    found: dict[str, list[str]] = {}
    for item in result.files():
        for table, ids in item.minted.items():
            found.setdefault(table, []).extend(ids)
    return found
