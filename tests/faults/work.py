"""A loader that works until it is killed: it is forked, so that five hundred need not import everything anew.

    python work.py        reads lines of JSON: {"data", "acks", "seed", "work"}; forks a worker for each, writes its process id
                          and, when the worker has ended or was killed, a line with how.

Each worker publishes, undoes and publishes again, by itself or as two people who propose, publish and return; it notes every edition,
proposal and answer in `acks` only after it was told that it stands.
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
from acting import desk, settings_of
from small_portfolio import FIFTH_FUND, write_portfolio
from storekit import MANAGER, batch, load, undo

from fundtrack.load import corrections, pipeline
from fundtrack.load.edits import Edit
from fundtrack.service import doing, reviewing
from fundtrack.service.desk import Desk
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


def reviewed(data: Path, acks: Path, dice: random.Random) -> None:
    """Two people: one proposes a correction, a reversal or a workbook, the other publishes or returns it; without reports."""
    definitions.of_files = lambda: ()
    pipeline.agree = corrections.agree = lambda *_: {}
    settings = settings_of(data)
    zhang, li = desk(settings, "zhang"), desk(settings, "li")
    for turn in range(3):
        sent = _sent(zhang, dice, workbook=turn == 1 and dice.random() < 0.3)
        note(acks, did="proposed", proposal=sent, edition=0, name=None)
        if turn == 2 or dice.random() < 0.3:
            comment = f"请核对{dice.randrange(10**9)}"
            reviewing.send_back(li, sent, comment)
            note(acks, did="returned", proposal=sent, edition=0, name=None, comment=comment)
        else:
            _, made = reviewing.publish(li, sent, "同意")
            note(acks, did="published", proposal=sent, edition=made.edition, name=None)


def _sent(zhang: Desk, dice: random.Random, *, workbook: bool) -> str:
    """Something put aside for review; gives its number."""
    batches = zhang.store.ledger().batches()
    if workbook:
        row = {"manager_id": f"VC{dice.randrange(100, 10**6):06d}", "name": f"示例{dice.randrange(10**9)}"}
        file = write_portfolio(
            zhang.settings.data.parent / f"{dice.randrange(10**9)}.xlsx", {"manager": [row]}
        )
        made = doing.load(zhang, [file], reason="补报")
    elif batches["kind"][-1] == "correction" and dice.random() < 0.5:
        made = doing.undo(zhang, batches["batch_id"][-1], reason="更正有误")
    else:
        size = {"committed_size": f"{dice.randrange(10_000, 10**7)}元"}
        made = doing.correct(zhang, [Edit("partner_fund", "PF000001", size)], reason="按协议更正")
    return made.proposal_id


WORKERS = {"hand": by_hand, "real": for_real, "review": reviewed}


def main() -> None:
    """Fork a worker for each line."""
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.setsid()
            try:
                WORKERS[asked["work"]](Path(asked["data"]), Path(asked["acks"]), random.Random(asked["seed"]))
                os._exit(0)
            finally:
                traceback.print_exc()
                os._exit(1)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
