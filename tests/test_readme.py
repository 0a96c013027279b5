"""The README is true: its queries give the answers it prints, its commands exist."""

import re

import duckdb
import pytest
from running import ROOT, run_fundtrack

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.+?)\n```\n\n```text\n(.+?)\n```", README, re.DOTALL)


def test_there_are_six_queries():
    assert len(QUERIES) == 6


@pytest.mark.parametrize(("query", "printed"), QUERIES)
def test_queries_answer_as_printed(demo_folder, query, printed):
    with duckdb.connect(str(demo_folder / "fundtrack.duckdb"), read_only=True) as con:
        assert str(con.sql(query)).strip() == printed.strip()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"bin/fundtrack (\w+)", README))))
def test_commands_exist_and_are_described(command):
    assert command in run_fundtrack(command, "--help", check=0).stdout


def test_every_command_is_in_the_readme():
    listed = re.findall(r"^    (\w+) ", run_fundtrack("--help", check=0).stdout, re.MULTILINE)
    assert {"load", "verify"} <= set(listed)
    assert [name for name in listed if not re.search(rf"fundtrack {name}|make {name}|`{name}`", README)] == []


def test_the_wrong_cell_it_shows_is_what_is_said():
    from fundtrack.errors import Problem
    from fundtrack.text.problems import problem_sentence

    shown = Problem(
        "not_a_number", sheet="资金往来", row=4, column="G", field="amount", value="1,2OO", table="cash_flow"
    )
    assert problem_sentence(shown, "zh") in README
