"""What commands write for people: tables in both scripts, a bar on terminals only, problems file by file."""

import io

import pytest

from fundtrack.errors import Problem
from fundtrack.terminal import bar, table, tell_problems, width


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("基金", 4), ("（A）", 5), ("é", 1)])
def test_width(text, columns):
    assert width(text) == columns


def test_columns_line_up_in_both_scripts():
    drawn = table(["名称", "只"], [["甲", "9"], ["ABCDE", "120"]], right=[1])
    assert drawn == "名称    只\n甲       9\nABCDE  120"


def test_no_bar_where_there_is_no_terminal():
    assert bar(io.StringIO(), "zh") is None


def test_the_bar_grows_and_goes_away():
    stream = Terminal()
    show = bar(stream, "en")
    show("file.xlsx", 0.5)
    assert "Reading [" + "█" * 15 + "·" * 15 + "]  50% file.xlsx" in stream.getvalue()
    show("file.xlsx", 1.0)
    assert stream.getvalue().endswith("\r\x1b[K")


def test_problems_are_told_file_by_file_errors_first(capsys):
    place = {"sheet": "资金往来", "row": 12, "column": "F", "field": "amount", "table": "cash_flow"}
    tell_problems(
        [
            Problem("value_cleared", "warning", file="a.xlsx", about={"old": "5"}, **place),
            Problem("not_a_number", file="b.xlsx", value="1,2OO", **place),
            Problem("not_a_number", file="a.xlsx", value="x", **place),
            Problem("no_edition"),
        ],
        "en",
    )
    told = capsys.readouterr().err.splitlines()
    assert [line.split("]")[0] for line in told] == [
        "a.xlsx:",
        "  [error",
        "  [warning",
        "b.xlsx:",
        "  [error",
        "  [error",
    ]
    assert told[4] == "  [error] 资金往来!F12 (Amount): “1,2OO” is not a number. Write it like 1200.50."


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["e0.xlsx：", "  [错误] 这个文件是空文件，请检查后重新报送。"]),
        ("en", ["e0.xlsx:", "  [error] This file is empty. Check it and send it again."]),
    ],
)
def test_the_name_of_a_file_is_said_once(lang, expected, capsys):
    tell_problems([Problem("file_empty", file="e0.xlsx", about={"file": "e0.xlsx"})], lang)
    assert capsys.readouterr().err.splitlines() == expected
