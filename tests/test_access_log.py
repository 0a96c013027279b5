"""The access log: chained line by line across days, shut when the day is over, kept; whatever is altered is found."""

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from acting import desk, listed, portfolio
from pydantic import ValidationError
from running import json_of, run_fundtrack

from fundtrack.errors import AccessError
from fundtrack.service import logbook
from fundtrack.settings import settings_now
from fundtrack.store import access
from fundtrack.store.access import Entry
from fundtrack.store.editions import Store
from fundtrack.store.folders import Folders
from fundtrack.store.verify import verify


def entry(what="overview", action="look", outcome="done", **said):
    return Entry("os:zhang", "张三", "oidc", ("manager",), action, what, outcome, **said)


class Clock(datetime):
    """A clock that a test sets."""

    moment = datetime(2026, 1, 1, 8, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        return cls.moment


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(access, "datetime", Clock)
    monkeypatch.setattr(Clock, "moment", datetime(2026, 1, 1, 8, tzinfo=UTC))
    return Clock


def four_lines(folder, clock):
    """Two days of two lines each."""
    folders = Folders(folder)
    for day in (1, 2):
        clock.moment = datetime(2026, 1, day, 8, tzinfo=UTC)
        for what in ("甲", "乙"):
            access.note(folders, entry(f"{what}{day}"))
    return folders


def test_a_file_a_day_chained_and_shut_when_the_day_is_over(tmp_path, clock):
    folders = four_lines(tmp_path, clock)
    first, second = access.files_of(folders)
    assert (first.name, second.name) == ("2026-01-01.jsonl", "2026-01-02.jsonl")
    assert not first.stat().st_mode & 0o222
    assert second.stat().st_mode & 0o200
    lines = access.lines(folders)
    assert [line["what"] for line in lines] == ["甲1", "乙1", "甲2", "乙2"]
    assert [line["previous"] for line in lines] == ["", *(line["hash"] for line in lines[:-1])]
    assert access.broken(folders) == []
    assert access.head(folders) == lines[-1]["hash"]
    assert [line["what"] for line in access.lines(folders, date(2026, 1, 2))] == ["甲2", "乙2"]
    assert [line["what"] for line in access.lines(folders, None, date(2026, 1, 1))] == ["甲1", "乙1"]


def altered(change):
    def do(folder):
        path = folder / "access" / "2026-01-01.jsonl"
        path.chmod(0o640)
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(change(lines)))

    return do


def rehashed(line):
    """A line altered by somebody who also makes its hash fit."""
    said = json.loads(line)
    said["who"] = "os:li"
    del said["hash"]
    return access.encode({**said, "hash": access.digest(said)}).encode() + b"\n"


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        pytest.param(altered(lambda ls: [ls[0].replace("张三".encode(), "李四".encode()), ls[1]]), [("access_altered", 1)], id="a name"),
        pytest.param(altered(lambda ls: ls[1:]), [("access_begins_late", None)], id="the first line taken out"),
        pytest.param(altered(lambda ls: ls[:1]), [("access_gap", 1)], id="the last line of a day taken out"),
        pytest.param(altered(lambda ls: [ls[0], ls[0], ls[1]]), [("access_gap", 2)], id="a line twice"),
        pytest.param(altered(lambda ls: ls[::-1]), [("access_begins_late", None), ("access_gap", 2), ("access_gap", 1)], id="another order"),
        pytest.param(altered(lambda ls: [rehashed(ls[0]), ls[1]]), [("access_gap", 2)], id="a line with a hash that fits"),
        pytest.param(altered(lambda ls: [ls[0], b"nonsense\n", ls[1]]), [("access_unreadable", 2)], id="nonsense put in"),
        pytest.param(altered(lambda ls: [ls[0], b"[1]\n", ls[1]]), [("access_unreadable", 2)], id="JSON that is no line"),
        pytest.param(lambda f: (f / "access" / "2026-01-01.jsonl").unlink(), [("access_begins_late", None)], id="a day taken away"),
    ],
)  # fmt: skip
def test_whatever_is_altered_is_found(tmp_path, clock, spoil, found):
    folders = four_lines(tmp_path, clock)
    spoil(tmp_path)
    assert [(problem.code, problem.row) for problem in access.broken(folders)] == found


def test_a_line_that_a_power_cut_left_half_is_told_and_the_log_goes_on(tmp_path, clock):
    folders = four_lines(tmp_path, clock)
    path = access.files_of(folders)[-1]
    with path.open("ab") as file:
        file.write(b'{"at":"2026-01-02T08:')
    access.note(folders, entry("丙"))
    assert [line["what"] for line in access.lines(folders)][-2:] == ["乙2", "丙"]
    assert [(problem.code, problem.row) for problem in access.broken(folders)] == [("access_unreadable", 3)]


def test_a_clock_set_back_begins_no_earlier_file(tmp_path, clock):
    folders = four_lines(tmp_path, clock)
    clock.moment = datetime(2025, 12, 1, tzinfo=UTC)
    access.note(folders, entry("later"))
    assert [path.name for path in access.files_of(folders)] == ["2026-01-01.jsonl", "2026-01-02.jsonl"]
    assert access.broken(folders) == []


def test_nothing_goes_before_six_months_and_what_goes_leaves_a_line(tmp_path, clock):
    folders = four_lines(tmp_path, clock)
    clock.moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=6 * 31)
    access.note(folders, entry("kept"), keep_months=1)
    assert len(access.files_of(folders)) == 3, "asked for one month, six are kept"
    clock.moment += timedelta(days=2)
    gone = access.files_of(folders)[0]
    last = json.loads(gone.read_bytes().splitlines()[-1])["hash"]
    access.note(folders, entry("new"), keep_months=6)
    pruned = [line for line in access.lines(folders) if line["action"] == "prune"]
    assert [line["what"] for line in pruned] == ["2026-01-01.jsonl", "2026-01-02.jsonl"]
    assert pruned[0]["detail"]["last_hash"] == last
    assert access.broken(folders) == []


@pytest.mark.parametrize("months", [1, 5, -1])
def test_the_setting_refuses_less_than_six_months(monkeypatch, months):
    monkeypatch.setenv("FUNDTRACK_ACCESS_KEEP_MONTHS", str(months))
    with pytest.raises(ValidationError) as refused:
        settings_now()
    [said] = refused.value.errors()
    assert said["loc"] == ("access_keep_months",)


def test_eight_processes_write_one_chain(tmp_path):
    tmp_path.joinpath("data").mkdir()
    code = (
        "from pathlib import Path; from fundtrack.store.access import Entry, note; from fundtrack.store.folders import Folders\n"
        "for n in range(25): note(Folders(Path({!r})), Entry('os:p', 'p', 'os', (), 'look', str(n)))"
    ).format(str(tmp_path / "data"))
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(8)]
    assert [one.wait(timeout=120) for one in running] == [0] * 8
    folders = Folders(tmp_path / "data")
    assert len(access.lines(folders)) == 200
    assert access.broken(folders) == []


def test_a_line_is_cheap(tmp_path):
    folders = Folders(tmp_path)
    access.note(folders, entry())
    begun = time.perf_counter()
    for _ in range(200):
        access.note(folders, entry())
    assert (time.perf_counter() - begun) / 200 < 0.02, "seconds a page view, on a busy machine"


def test_verify_tells_of_the_log(tmp_path, clock):
    data = portfolio(tmp_path)
    four_lines(data, clock)
    assert verify(Store(data)) == []
    altered(lambda ls: [ls[0].replace(b"manager", b"auditor"), ls[1]])(data)
    assert [problem.code for problem in verify(Store(data))] == ["access_altered"]


def test_the_auditors_view_filters_and_is_itself_noted(tmp_path):
    settings = listed(tmp_path)
    zhang, shen = desk(settings, "zhang"), desk(settings, "shen")
    for sits in (zhang, shen):
        with sits.doing("look", "overview"):
            pass
    with pytest.raises(AccessError):
        logbook.read(zhang)
    lines, problems = logbook.read(shen)
    assert problems == []
    assert [(line["name"], line["action"], line["outcome"]) for line in lines] == [
        ("张三", "log", "refused"), ("shen", "look", "done"), ("张三", "look", "done")]  # fmt: skip
    lines, _ = logbook.read(shen, who="张", outcome="refused")
    assert [(line["name"], line["action"]) for line in lines] == [("张三", "log")]
    assert logbook.words(lines[0], "action", "zh") == "查看访问日志"
    assert logbook.words(lines[0], "outcome", "en") == "refused"
    assert logbook.words(lines[0], "roles", "zh") == "经办人"
    assert logbook.words(lines[0], "from", "zh") == "127.0.0.1"
    assert logbook.words(lines[0], "detail", "en") == "why=not_allowed"
    assert logbook.words({"action": "x.y", "roles": "z"}, "action", "zh") == "x.y"


def test_the_command_shows_the_log_and_a_broken_chain_is_an_integrity_failure(tmp_path):
    data = portfolio(tmp_path)
    json_of("undo", "B999999", "--by", "李四", "--data", data, check=1)
    json_of("undo", Store(data).ledger().batch_id, "--by", "李四", "--data", data)
    told = json_of("access", "--data", data)
    assert told["ok"] is True
    assert [(line["action"], line["detail"]["by"]) for line in told["lines"]] == [("undo", "李四")]
    assert told["lines"][0]["who"].startswith("os:")
    path = next((data / "access").glob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace("李四".encode(), "王五".encode()))
    broken = run_fundtrack("access", "--data", data, "--lang", "zh", check=4)
    assert "被改动过" in broken.stderr
