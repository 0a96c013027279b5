"""Files as they come from the wild, through the command a person runs: what loads the same, what ends in which sentence, how fast."""

import json
import random

import pytest
from measured import MB, run_measured
from wild_files import ENDS, LOADS
from workbooks import loaded

from fundtrack.errors import InputError
from fundtrack.load import reading
from fundtrack.load.room import Room

SECONDS, MEMORY = 10, 1024 * MB
REFUSED = frozenset({"columns_hidden", "rows_hidden", "sheet_hidden", "sheet_hidden_empty"})
HEAVY = [
    "one text in every cell",
    "17 billion cells",
    "a cell at the very end",
    "a cell beyond the last column",
    "a bomb",
]
"""Those that once took long or much."""
SOME = random.Random(3).sample(sorted({*ENDS} - {*HEAVY}), 1) + random.Random(4).sample(sorted(LOADS), 1)


@pytest.fixture(scope="module")
def one_child():
    with Room() as room, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_book", room.read)
        yield


@pytest.fixture(scope="module")
def plain(one_child, tmp_path_factory):
    path = LOADS["plain package"](tmp_path_factory.mktemp("wild") / "a.xlsx")
    tables, problems = loaded(reading.read_file(path))
    assert problems == []
    assert [(row[1], row[2], str(row[6]), str(row[8])) for row in tables["guidance_fund"]] == [
        ("007", "示例创投引导基金", "1200505000.00", "2008-04-28"),
        ("008", "示例天使引导基金", "200000000.00", "2016-10-10"),
    ]
    return tables


@pytest.mark.parametrize("name", LOADS)
def test_one_ledger_in_many_shapes_loads_the_same(name, plain, tmp_path):
    assert loaded(reading.read_file(LOADS[name](tmp_path / "报送.xlsx"))) == (plain, [])


@pytest.mark.parametrize("name", ENDS)
def test_a_nasty_file_ends_in_its_own_problem(name, one_child, tmp_path):
    make, expected = ENDS[name]
    path = make(tmp_path / "报送.xlsx")
    try:
        _, found = loaded(reading.read_file(path))
    except InputError as refused:
        found = [(refused.code, None)]
    assert found == expected


def written(folder, makers):
    """Files of these makers, and the name of each by its file's."""
    names = {}
    for n, (name, make) in enumerate(makers.items()):
        path = make(folder / f"{n:03}.xlsx")
        names[path.name] = name
    return names


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What one command says of all of them, files of one sender, each handled on its own where it cannot be read."""
    folder = tmp_path_factory.mktemp("all")
    makers = LOADS | {name: make for name, (make, _) in ENDS.items()}
    names = written(folder, makers)
    done = run_measured(
        "check", *sorted(folder.glob("*.xlsx")), "--json", "--data", folder / "data", folder=folder
    )
    return done, json.loads(done.out), names


def test_one_command_tells_of_every_file(told):
    done, said, names = told
    found = {name: [] for name in names.values()}
    for problem in said["problems"]:
        found[names[problem["file"]]].append((problem["code"], problem["cell"]))
        assert problem["message"]
        assert "Traceback" not in problem["message"]
    own = {"row_repeated", "key_twice", "key_twice_unnumbered", "column_blank"}
    wrong = {
        name: problems
        for name, problems in found.items()
        if [item for item in problems if item[0] not in own] != (ENDS[name][1] if name in ENDS else [])
    }
    assert wrong == {}
    assert (done.code, "Traceback" in done.errors) == (1, False)
    assert done.peak < MEMORY


def alone(name, folder):
    make, expected = ENDS.get(name) or (LOADS[name], [])
    path = make(folder / "报送.xlsx")
    done = run_measured("check", path, "--json", "--data", folder / "data", folder=folder)
    said = json.loads(done.out)
    assert [(problem["code"], problem["cell"]) for problem in said["problems"]] == expected
    kept_out = bool(expected) and not {code for code, _ in expected} <= REFUSED
    assert (done.code, said["outcome"]) == ((1, "refused") if kept_out else (0, "accepted"))
    if not kept_out:
        assert said["rows"] == {
            "guidance_fund": {"new": 1 if name == "hidden rows" else 2, "changed": 0, "unchanged": 0}
        }
    assert (done.seconds < SECONDS, done.worked < SECONDS) == (True, True), done
    assert done.peak < MEMORY


@pytest.mark.parametrize("name", [*HEAVY, *SOME])
def test_a_file_alone_ends_in_time_and_memory(name, tmp_path):
    alone(name, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("name", sorted({*ENDS, *LOADS} - {*HEAVY, *SOME}))
def test_every_file_alone_ends_in_time_and_memory(name, tmp_path):
    alone(name, tmp_path)
