"""The words of seeds/aliases.csv, and proposals for those that are not in it."""

import csv
from decimal import Decimal

import pytest
from workbooks import book_of, sheet_of

from fundtrack.errors import InputError
from fundtrack.load import aliases, match
from fundtrack.load.layout import find_tables
from fundtrack.load.match import look_up, match_header, plain, words_of
from fundtrack.load.propose import candidates, propose
from fundtrack.model.rows import COLUMNS
from fundtrack.settings import settings_now
from fundtrack.text.problems import problem_sentence


@pytest.fixture
def own_aliases(tmp_path, monkeypatch):
    """A folder of seeds of one's own; what was remembered is forgotten before and after."""

    def write(text):
        (tmp_path / "aliases.csv").write_text(text, encoding="utf-8")
        match.refresh()

    monkeypatch.setenv("FUNDTRACK_SEEDS", str(tmp_path))
    yield write
    monkeypatch.undo()
    match.refresh()


def seeded():
    with (settings_now().seeds / "aliases.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_alias_names_a_field_and_repeats_nothing():
    rows = seeded()
    assert len(rows) > 1000
    assert {row["lang"] for row in rows} == {"zh", "en"}
    assert all(row["source"] for row in rows)
    seen = set()
    for row in rows:
        tables = [
            name
            for name in COLUMNS
            if row["table"] in {name, "*"} and any(column.name == row["field"] for column in COLUMNS[name])
        ]
        assert tables, row
        key = (row["table"], row["field"], plain(row["alias"]))
        assert key not in seen, row
        seen.add(key)
        if row["table"] != "*":
            assert plain(row["alias"]) not in {plain(word) for word in words_of(row["table"])}, row


def test_what_means_several_things_is_marked_as_such():
    by_word = {}
    for row in seeded():
        by_word.setdefault((row["table"], plain(row["alias"])), []).append(row)
    for rows in by_word.values():
        if len({row["field"] for row in rows}) > 1:
            assert {row["source"] for row in rows} == {"多义，须由人选择"}, rows


@pytest.mark.parametrize(
    ("table", "written", "field"),
    [
        ("partner_fund", "子基金名称", "name"), ("partner_fund", "基金管理人", "manager_id"), ("partner_fund", "认缴出资总额（万元）", "committed_size"),
        ("partner_fund", "Total commitments", "committed_size"), ("partner_fund", "备案编号", "amac_code"), ("fund_report", "Market value", "net_assets"),
        ("fund_report", "Contributed", "paid_in"), ("fund_report", "Net IRR", "irr_reported"), ("investor_commitment", "合伙人名称", "investor"),
        ("investment", "被投企业名称", "company_id"), ("cash_flow", "Value date", "occurred_on"), ("company", "USCC", "uscc"), ("valuation", "NAV", "nav"),
        ("partner_fund", "币别", "currency"), ("investment_exit", "退出金额", "proceeds"), ("manager", "管理人登记编码", "amac_no"),
    ],
)  # fmt: skip
def test_words_people_use(table, written, field):
    match.refresh()
    assert match_header(table, written)[0] == field


def test_a_word_of_several_meanings_is_asked():
    match.refresh()
    assert set(look_up("partner_fund", "基金规模").fields) == {"target_size", "committed_size"}
    assert match_header("partner_fund", "基金规模") is None
    rows = [["名称", "币种", "机构编码", "基金规模（万元）"], ["甲", "CNY", "VC-1", 5]]
    found = find_tables(book_of(sheet_of(rows, name="合作基金")), "f.xlsx", Decimal(1))
    (problem,) = found.problems
    assert (problem.code, problem.severity, problem.cell) == ("which_field", "warning", "D1")
    assert "目标规模" in problem_sentence(problem, "zh")
    assert "Target size" in problem_sentence(problem, "en")


def test_edited_aliases_are_used_at_once(own_aliases):
    own_aliases("table,field,alias,lang,source\npartner_fund,name,母体,zh,我们\n*,currency,钱,zh,我们\n\n")
    assert match_header("partner_fund", "母 体")[0] == "name"
    assert match_header("cash_flow", "钱")[0] == "currency"
    assert match_header("partner_fund", "子基金名称") is None
    own_aliases("table,field,alias,lang,source\npartner_fund,name,别的母体,zh,我们\n")
    assert match_header("partner_fund", "母体") is None
    assert match_header("partner_fund", "别的母体")[0] == "name"


def test_an_alias_never_beats_the_dictionary(own_aliases):
    own_aliases("table,field,alias,lang,source\npartner_fund,target_size,认缴规模,zh,我们\n")
    assert match_header("partner_fund", "认缴规模")[0] == "committed_size"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1), ("tabelle,feld\n", 1), ("table,field,alias,lang,source\nnichts,name,x,zh,y\n", 2), ("table,field,alias,lang,source\npartner_fund,nix,x,zh,y\n", 2),
        ("table,field,alias,lang,source\npartner_fund,name\n", 2), ("table,field,alias,lang,source\npartner_fund,name, ,zh,y\n", 2),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_says_its_line(own_aliases, text, line):
    with pytest.raises(InputError) as refused:
        own_aliases(text)
    assert (refused.value.code, refused.value.about["line"]) == ("aliases_wrong", str(line))
    with pytest.raises(InputError):
        find_tables(book_of(sheet_of([["名称"]], name="合作基金")), "f.xlsx", None)


def test_other_lists_that_cannot_be_used(own_aliases, tmp_path, monkeypatch):
    (tmp_path / "aliases.csv").write_bytes(
        "table,field,alias,lang,source\npartner_fund,name,母体,zh,我们\n".encode("gb18030")
    )
    with pytest.raises(InputError, match="aliases_wrong"):
        match.refresh()
    monkeypatch.setattr(aliases, "_LARGEST", 10)
    (tmp_path / "aliases.csv").write_text("table,field,alias,lang,source\n", encoding="utf-8")
    with pytest.raises(InputError, match="bytes"):
        match.refresh()
    (tmp_path / "aliases.csv").unlink()
    match.refresh()
    assert match_header("partner_fund", "认缴规模")[0] == "committed_size"


@pytest.mark.parametrize(
    ("table", "written", "field"),
    [
        ("partner_fund", "合伙基金认缴总规模数", "committed_size"), ("partner_fund", "基金存续期截止日（预计）", "term_end"),
        ("fund_report", "Total capital distributed to date", "distributed"), ("cash_flow", "实际到账的金额", "amount"),
    ],
)  # fmt: skip
def test_fuzzy_matches_are_proposed_never_taken(table, written, field):
    match.refresh()
    assert match_header(table, written) is None
    found = candidates(table, written)
    assert field in [name for name, _ in found[:3]]
    assert all(score < 100 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_proposals_of_a_sheet():
    rows = [
        ["关于合作基金"],
        ["基金全称", "基金规模", "认缴总规模数额", "内部柜号", "x"],
        ["甲", 5, 6, "a"],
        ["乙", 7, None, "b"],
        [None],
        ["丙", 8, 9, "c"],
        ["丁", 1, 2, "d"],
    ]
    found = propose(sheet_of(rows), "partner_fund")
    assert [item.column for item in found] == ["A", "B", "C", "D", "E"]
    assert found[0].certain == "name"
    assert found[0].samples == ("甲", "乙", "丙")
    assert found[1].certain is None
    assert {score for _, score in found[1].candidates} == {100.0}
    assert found[2].candidates[0][0] == "committed_size"
    assert found[4].candidates == ()
    assert propose(sheet_of([["甲"]]), "partner_fund") == []
    assert [item.header for item in propose(sheet_of([["甲乙丙", "丁戊己"], [1, 2]]), "partner_fund")] == [
        "甲乙丙",
        "丁戊己",
    ]


def test_proposals_of_headers_alone():
    found = propose(["Fund name", "", "Market value"], "fund_report")
    assert [(item.header, item.column, item.certain) for item in found] == [
        ("Fund name", "A", "partner_fund_id"),
        ("Market value", "C", "net_assets"),
    ]


def test_a_header_like_a_field_says_so():
    rows = [["名称", "币种", "机构编码", "目标的规模（元）"], ["甲", "CNY", "VC-1", 5]]
    (problem,) = find_tables(book_of(sheet_of(rows, name="合作基金")), "f.xlsx", None).problems
    assert (problem.code, problem.about["like"]) == ("column_similar", "target_size")
    assert "目标规模" in problem_sentence(problem, "zh")
