"""A loader that works until it is killed: it is forked, so that five hundred need not import everything anew.

    python work.py        reads lines of JSON: {"data", "acks", "seed", "real"}; forks a worker for each, writes its process id
                          and, when the worker has ended or was killed, a line with how.

Each worker publishes, undoes and publishes again, and notes every edition in `acks` only after it was told that it stands.
"""

import gc
import json
import os
import random
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_portfolio import FIFTH_FUND, write_portfolio
from storekit import MANAGER, batch, load, undo

from fundtrack.load import pipeline
from fundtrack.store import definitions
from fundtrack.store.editions import Store


def note(acks: Path, **said: Any) -> None:
    """One line, whole or not at all."""
    handle = os.open(acks, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (json.dumps(said) + "\n").encode())
    os.close(handle)


def by_hand(data: Path, acks: Path, dice: random.Random) -> None:
    """Batches straight into the store, without reports: most of its instructions in little time."""
    definitions.of_files = lambda: ()
    store = Store(data)
    for turn in range(3):
        number, known = dice.randrange(10**9), store.ledger()
        mine = [name for name in known.batches()["batch_id"] if name > "B000003"]
        if turn == 1 and mine and known.batches()["kind"][-1] != "undo":
            note(acks, edition=undo(store, mine[-1]), name=None)
        else:
            row = MANAGER | {"name": f"示例{number}"}
            note(acks, edition=load(store, batch({"manager": [row]}, str(number).encode())), name=row["name"])


def for_real(data: Path, acks: Path, dice: random.Random) -> None:
    """A workbook through the whole way in, with findings and views; then its reversal."""
    store = Store(data)
    file = write_portfolio(data.parent / f"{dice.randrange(10**9)}.xlsx", FIFTH_FUND, "2017-11-30")
    result = pipeline.load(store, [file], by="王")
    note(acks, edition=result.edition, name=None)
    note(acks, edition=pipeline.undo(store, result.batch_ids[-1], by="王").edition, name=None)


def main() -> None:
    """Fork a worker for each line."""
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.setsid()
            try:
                worker = for_real if asked["real"] else by_hand
                worker(Path(asked["data"]), Path(asked["acks"]), random.Random(asked["seed"]))
                os._exit(0)
            finally:
                traceback.print_exc()
                os._exit(1)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
