"""Two people are killed amid a review: what was proposed, published or returned and said so stands; nothing is there by half."""

import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from acting import desk, listed, portfolio
from test_killed import Loaders, stands, told

from fundtrack.load import corrections, pipeline
from fundtrack.service import doing, reviewing
from fundtrack.service.desk import Desk
from fundtrack.store import access, definitions, proposed
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

pytestmark = pytest.mark.fault
COUNTS = [6, pytest.param(100, marks=pytest.mark.full)]


@pytest.fixture(scope="module")
def loaders() -> Iterator[Loaders]:
    """One process that forks them all."""
    found = Loaders()
    yield found
    assert found.process.stdin is not None
    found.process.stdin.close()
    found.process.wait(30)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No views and no second engine, which have tests of their own, so that a publish is quick."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    for module in (pipeline, corrections):
        monkeypatch.setattr(module, "agree", lambda *_: {})


def answered(store: Store, li: Desk, acks: Path) -> None:
    """Check proposals and access log as a killed pair left them, before and after the next reviewer has looked in."""
    folders = store.folders
    for one in told(acks):
        found = proposed.find(folders, one["proposal"])
        assert {path.name for path, _ in proposed.files_of(folders, found)} == {sha for _, sha in found.files}
        if one["did"] != "proposed":
            last = found.events[-1]
            assert (last.event, last.by.name, last.edition or 0) == (one["did"], "李四", one["edition"])
            assert last.comment == one.get("comment", "同意")
    assert access.broken(folders) == []
    noted = [line for line in access.lines(folders) if line["outcome"] == "done"]
    for one in told(acks):
        assert any(says(line, one) for line in noted), one
    seen = reviewing.listed(li)
    reasons = Counter(
        reason.rpartition("［")[2][:7] for reason in store.ledger().batches()["reason"].to_list() if reason and "［P" in reason
    )  # fmt: skip
    assert {each.proposal_id: 1 for each in seen if each.status == "published"} == dict(reasons)


def says(line: dict[str, Any], one: dict[str, Any]) -> bool:
    """Whether a line of the access log is about something that was acknowledged."""
    if one["did"] == "proposed":
        return line.get("detail", {}).get("proposal") == one["proposal"]
    return line["action"] == "review" and one["proposal"] in line["what"]


@pytest.mark.parametrize("count", COUNTS)
def test_kills_amid_a_review(tmp_path, loaders, count):
    dice, ends = random.Random(20171231 + count), Counter()
    settings = listed(portfolio(tmp_path))
    store, zhang, li = Store(settings.data), desk(settings, "zhang", 600), desk(settings, "li", 600)
    given = {"data": str(settings.data), "work": "review"}
    ended, whole = loaders.run(None, **given, acks=str(tmp_path / "whole"), seed=5)
    assert (ended, len(told(tmp_path / "whole"))) == (0, 6)
    answered(store, li, tmp_path / "whole")
    known, acks = store.newest(), tmp_path / "acks"
    assert known is not None
    for place in range(count):
        acks.unlink(missing_ok=True)
        ended, _ = loaders.run(dice.uniform(0, whole), **given, acks=str(acks), seed=place)
        assert ended in {0, -signal.SIGKILL}
        ends[ended, len(told(acks))] += 1
        known = stands(store, acks, known)
        answered(store, li, acks)
        if place % 10 == 9 or place == count - 1:
            done = 0
            for each in [one for one in reviewing.listed(li) if one.status == "waiting"]:
                looked = reviewing.look_over(li, each.proposal_id)
                if looked.possible:
                    _, made = reviewing.publish(li, each.proposal_id, seen=looked.digest)
                    known, done = made.edition, done + 1
                else:
                    reviewing.send_back(li, each.proposal_id, "已无可改")
            sent = doing.undo(zhang, store.ledger().batch_id, reason="其后") if done == 0 else None
            if sent is not None:
                known = reviewing.publish(li, sent.proposal_id)[1].edition
            assert verify(store) == []
            assert store.folders.published.read_bytes() == store.edition_path(known).read_bytes()
            assert list(store.folders.leftovers()) == []
            assert list(proposed.folder_of(store.folders).glob(".P*.tmp")) == [] or sent is None
    assert sum(times for (ended, _), times in ends.items() if ended) > count / 2
    assert len({acknowledged for _, acknowledged in ends}) > 1
    shutil.rmtree(tmp_path / "data")
