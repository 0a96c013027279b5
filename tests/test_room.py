"""Many files read by few children: who reads what, and files that answer for themselves only."""

import os
import threading
import time
from pathlib import Path

import pytest
from reader_files import simple

from fundtrack.errors import InputError
from fundtrack.load import room
from fundtrack.load.cells import Book
from fundtrack.load.limits import ReadLimits
from fundtrack.load.reader import read_book
from fundtrack.load.room import Room, read_books

# What every Python child runs first: engines that fail on files of certain names, and note who reads what.
SPOILT = """
import os, sys, time
if "fundtrack.load.worker" in sys.orig_argv:
    from fundtrack.load import engines
    true = engines.read
    def read(job, form):
        with open(os.environ["ROOM_NOTES"], "a") as notes:
            notes.write(f"{job.path.stem} {os.getpid()}\\n")
        if job.path.stem.startswith("crash"):
            os.abort()
        if job.path.stem.startswith("slow"):
            time.sleep(60)
        while job.path.stem.startswith("busy"):
            pass
        if job.path.stem.startswith("panic"):
            raise SystemExit(3)
        if job.path.stem.startswith("large"):
            raise MemoryError
        if job.path.stem.startswith("chatty"):
            print("not JSON", flush=True)
        return true(job, form)
    engines.read = read
"""


@pytest.fixture
def notes(tmp_path, monkeypatch):
    """Who read what: the pids by file name, in order of reading."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SPOILT, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("ROOM_NOTES", str(tmp_path / "notes"))

    def read():
        found = {}
        for line in (tmp_path / "notes").read_text("utf-8").splitlines():
            name, pid = line.split()
            found.setdefault(name, []).append(int(pid))
        return found

    return read


def files(folder: Path, *names: str) -> list[Path]:
    return [simple(folder / f"{name}.xlsx", [[name]]) for name in names]


def words(found: list[Book | InputError]) -> list[str]:
    return [one.code if isinstance(one, InputError) else one.sheets[0].text["c0"][0] for one in found]


def test_small_files_share_two_children_in_their_order(tmp_path, notes):
    names = [f"f{n}" for n in range(9)]
    assert words(read_books(files(tmp_path, *names))) == names
    assert len({pid for pids in notes().values() for pid in pids}) <= 2
    assert all(len(pids) == 1 for pids in notes().values())


def test_a_book_is_the_same_by_a_shared_child(tmp_path):
    path = simple(tmp_path / "a.xlsx")
    [shared] = read_books([path])
    alone = read_book(path)
    assert (shared.format, shared.notes) == (alone.format, alone.notes)
    for one, other in zip(shared.sheets, alone.sheets, strict=True):
        assert (one.name, one.visibility, one.merged, one.hidden_rows) == (
            other.name,
            other.visibility,
            other.merged,
            other.hidden_rows,
        )
        assert one.text.equals(other.text)
        assert one.kind.equals(other.kind)


@pytest.mark.parametrize(
    ("bad", "code"),
    [("crash", "reader_crashed"), ("panic", "reader_crashed"), ("large", "reading_needed_too_much_memory")],
)
def test_one_that_fails_is_read_again_alone_and_spoils_no_other(tmp_path, notes, bad, code):
    found = read_books(files(tmp_path, "a", "b", bad, "c", "d"))
    assert words(found) == ["a", "b", code, "c", "d"]
    assert found[2].about["file"] == f"{bad}.xlsx"
    readers = notes()
    assert len(readers[bad]) == 2
    assert len(set(readers[bad])) == 2
    assert not {readers[name][0] for name in "abcd"} & {readers[bad][1]}, "alone is alone"


def test_the_words_of_a_crash_are_those_of_one_read_alone(tmp_path, notes):
    [path] = files(tmp_path, "crash")
    with pytest.raises(InputError) as alone:
        read_book(path)
    [shared] = read_books([path])
    assert (shared.code, shared.about) == (alone.value.code, alone.value.about)


def test_one_that_takes_too_long_is_ended_and_spoils_no_other(tmp_path, notes):
    found = read_books(files(tmp_path, "a", "slow", "b", "c"), ReadLimits(seconds=3, patience=1))
    assert words(found) == ["a", "reading_took_too_long", "b", "c"]
    assert len(notes()["slow"]) == 1, "its time is up: nobody waits for it twice"


def test_a_refusal_is_taken_from_a_shared_child_and_the_next_is_read_by_it(tmp_path, notes):
    [good, later] = files(tmp_path, "a", "b")
    refused = tmp_path / "refused.csv"
    refused.write_text("a,b,c\n" * 200, encoding="utf-8")
    with Room(ReadLimits(max_cells=500)) as one:
        assert one.read(good).format == "xlsx"
        with pytest.raises(InputError) as caught:
            one.read(refused)
        assert one.read(later).format == "xlsx"
    assert caught.value.code == "too_many_cells"
    assert len({pid for pids in notes().values() for pid in pids}) == 1


def test_what_is_no_answer_is_read_again_alone(tmp_path, notes, monkeypatch):
    [path] = files(tmp_path, "chatty")
    monkeypatch.setattr(room, "read_book", lambda *_, **__: "alone")
    assert read_books([path]) == ["alone"]


def test_a_child_that_died_while_idle_is_noticed(tmp_path, notes):
    [first, second] = files(tmp_path, "a", "b")
    with Room() as one:
        one.read(first)
        os.kill(notes()["a"][0], 9)
        time.sleep(0.2)  # so that it is gone before it is asked
        assert one.read(second).sheets[0].text["c0"][0] == "b"


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"%PDF-1.7 x", "not_a_workbook")])
def test_what_needs_no_child_is_refused_without_one(tmp_path, notes, content, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert words(read_books([path])) == [code]
    assert not (tmp_path / "notes").exists()


def test_a_large_file_has_a_child_of_its_own(tmp_path, notes, monkeypatch):
    monkeypatch.setattr(room, "SHARED", 10)
    assert words(read_books(files(tmp_path, "a", "b"))) == ["a", "b"]
    assert len({pid for pids in notes().values() for pid in pids}) == 2


def test_progress_tells_which_file(tmp_path):
    told = {}
    read_books(files(tmp_path, "a", "b"), progress=lambda at, share: told.setdefault(at, []).append(share))
    assert set(told) == {0, 1}
    assert all(shares == sorted(shares) and shares[-1] == 1.0 for shares in told.values())


def test_nobody_listens_any_more(tmp_path):
    before = children()  # what tests before this one may still have at work

    def gone(*_):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        read_books(files(tmp_path, "a"), progress=gone)
    assert children() <= before


def test_no_child_outlives_its_room(tmp_path):
    before = children()
    read_books(files(tmp_path, "a", "b"))
    assert children() <= before


def test_threads_share_a_room(tmp_path):
    names = [f"f{n}" for n in range(6)]
    found = {}
    with Room() as shared:
        threads = [
            threading.Thread(target=lambda p=path: found.update({p.stem: words([shared.read(p)])[0]}))
            for path in files(tmp_path, *names)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {name: name for name in names}


def children() -> set[str]:
    return {pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()}


def test_one_that_works_too_long_is_ended_by_the_system_and_read_once(tmp_path, notes):
    """A file that keeps the processor busy ends by processor time, however long the clock would let it."""
    found = read_books(files(tmp_path, "busy"), ReadLimits(seconds=1, patience=60))
    assert words(found) == ["reading_took_too_long"]
    assert len(notes()["busy"]) == 1
