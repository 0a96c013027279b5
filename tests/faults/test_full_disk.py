"""The disk is full at one step of a publish after another."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_portfolio import write_portfolio

from fundtrack.load import pipeline
from fundtrack.store.editions import Store

pytestmark = pytest.mark.fault
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PRIVATE = ["unshare", "-rm"]


def may_mount() -> bool:
    """Whether this machine lets a user have a mount namespace of his own."""
    tried = subprocess.run(
        [*PRIVATE, "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True
    )
    return tried.returncode == 0


@pytest.mark.parametrize("levels", [4, pytest.param(60, marks=pytest.mark.full)])
def test_all_or_nothing_on_a_full_disk(tmp_path, levels):
    if not may_mount():
        pytest.skip("this machine allows no mount of one's own, so no small disk can be made")
    pipeline.load(Store(tmp_path / "data"), [write_portfolio(tmp_path / "a.xlsx")], by="王", seeds=SEEDS)
    script = str(Path(__file__).with_name("full_disk.py"))
    ran = subprocess.run(
        [*PRIVATE, sys.executable, script, str(tmp_path), str(levels)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(lines) == levels
    for line in lines:
        published = line["said"] == "published"
        assert line["said"] in {"published", "write_failed"}, line
        assert (line["newest"] - line["first"], line["verify"]) == (int(published), []), line
        assert line["same"] is not published, line
        assert (line["after"], line["last"], line["left"]) == (
            "unchanged" if published else "published",
            [],
            [],
        ), line
    assert [line["said"] for line in (lines[0], lines[-1])] == ["write_failed", "published"]
