"""The 示例 portfolio: invented workbooks, loaded as a person would load real ones."""

import hashlib
from pathlib import Path

from fundtrack.errors import InputError
from fundtrack.load.pipeline import load
from fundtrack.load.reading import Progress
from fundtrack.store.editions import Store

MARK = "示例"


def load_demo(store: Store, seeds: Path, *, progress: Progress | None = None, patience: float = 10.0) -> int:
    """Load the demo's rounds, one edition each, and return the newest edition.

    Raises:
        InputError: the demo is not there, its own files are refused, or the folder holds data that are no demo.
    """
    files = sorted((seeds / "demo").glob("*.xlsx"))
    if not files:
        raise InputError("demo_missing", folder=seeds / "demo")
    if store.newest() is not None:
        senders = store.ledger().batches()["sender"].drop_nulls().to_list()
        if any(not sender.startswith(MARK) for sender in senders):
            raise InputError("demo_over_real_data")
    rounds: dict[str, list[Path]] = {}
    for file in files:
        rounds.setdefault(file.name.split("-")[0], []).append(file)
    for group in rounds.values():
        if store.newest() is not None and _loaded(store, group):
            continue
        result = load(
            store, group, by="demo", together=True, seeds=seeds, progress=progress, patience=patience
        )
        if result.outcome == "refused":
            raise InputError(
                "demo_refused",
                file=next(problem.file or "" for problem in result.problems if problem.severity == "error"),
            )
    newest = store.newest()
    assert newest is not None  # noqa: S101 - a round was published, now or earlier
    return newest


def _loaded(store: Store, files: list[Path]) -> bool:
    """Whether every file of a round stands in the ledger; loading it again would take later rounds back."""
    known = set(store.ledger().batches()["file_sha256"].to_list())
    return all(hashlib.sha256(file.read_bytes()).hexdigest() in known for file in files)
