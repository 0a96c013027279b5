"""Two hundred cells of the demo's workbooks, each spoilt alone: told at that cell, once, and nothing elsewhere."""

from collections import Counter

import pytest
from spoilt import Demo, slips

from fundtrack.text.problems import problem_sentence

COUNT, SAMPLE = 200, 20
SLIPS = range(COUNT)


@pytest.fixture(scope="module")
def demo():
    return Demo()


@pytest.fixture(scope="module")
def all_slips(demo):
    found = slips(demo, COUNT)
    assert Counter(slip.kind for slip in found) == {"type": 50, "required": 50, "reference": 50, "jump": 50}
    assert len({(slip.file, slip.place, slip.kind) for slip in found}) == COUNT
    assert len({slip.sheet for slip in found}) >= 15
    return found


def told(demo, slip):
    """Problems of a spoilt file, as (severity, code, place); the file alone has none."""
    state = demo.again(slip.file) if slip.kind == "jump" else demo.before(slip.file)
    problems, _ = demo.check([slip.file], state, slip)
    for problem in problems:
        assert problem_sentence(problem, "zh")
        assert problem_sentence(problem, "en")
    return [
        (problem.severity, problem.code, f"{problem.sheet}!{problem.cell or problem.row}")
        for problem in problems
    ]


def missed(demo, chosen):
    """Slips that are not told as exactly one problem at their cell, with what was told instead."""
    return {
        str(slip): found
        for slip in chosen
        if (found := told(demo, slip)) != [(slip.severity, slip.code, slip.place)]
    }


def test_a_sample_of_single_slips_is_one_problem_each(demo, all_slips):
    assert missed(demo, all_slips[:: COUNT // SAMPLE]) == {}


@pytest.mark.full
def test_two_hundred_single_slips_are_one_problem_each(demo, all_slips):
    wrong = missed(demo, all_slips)
    print(f"{COUNT - len(wrong)} of {COUNT} slips told as one problem at their cell")
    assert wrong == {}


@pytest.mark.parametrize("turn", ["before", "again"])
def test_the_files_themselves_are_without_a_problem(demo, all_slips, turn):
    for name in sorted({slip.file for slip in all_slips[:: COUNT // SAMPLE]}):
        assert demo.check([name], getattr(demo, turn)(name))[0] == []


def test_what_follows_in_other_senders_files_is_one_line_each_that_blames_nobody_there(demo, all_slips):
    slip = next(slip for slip in all_slips if slip.kind == "type" and slip.file.startswith("2017Q3-00"))
    together = [name for name in demo.books if name.startswith("2017Q3")]
    problems, _ = demo.check(together, demo.known(*(name for name in demo.books if name < "2017Q3")), slip)
    assert [(problem.file, problem.code) for problem in problems if problem.file == slip.file] == [
        (slip.file, slip.code)
    ]
    rest = [problem for problem in problems if problem.file != slip.file]
    assert {problem.code for problem in rest} == {"waits_for_others"}
    assert len({problem.file for problem in rest}) == len(rest)
    assert {problem.about["senders"] for problem in rest} == {"示例创业投资引导基金受托管理有限公司"}
