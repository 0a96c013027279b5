"""Every sentence in both languages, with the same words to fill in; every code that the program uses has its sentence."""

import ast
import re
import string
from pathlib import Path

import pytest

import fundtrack
from fundtrack.errors import FundtrackError, Problem
from fundtrack.text.problems import error_sentence, field_title, place_of, problem_sentence
from fundtrack.text.say import say, sentences

HOME = Path(fundtrack.__file__).parent
SOURCES = sorted(HOME.rglob("*.py"))
ALWAYS = {"value", "title", "file", "sheet"}
"""Words of a problem's sentence that are there without its saying so."""


def words_of(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_sentences():
    assert set(sentences("zh")) == set(sentences("en"))


@pytest.mark.parametrize("key", sorted(sentences("en")))
def test_both_languages_fill_in_the_same_words(key):
    zh, en = (words_of(sentences(lang).get(key, "")) for lang in ("zh", "en"))
    ends = re.compile(
        r"_(zh|en|number)$"
    )  # words that come once for each language, or with and without their unit
    assert {ends.sub("", word) for word in zh} == {ends.sub("", word) for word in en}


def test_each_sentence_is_said_in_its_own_language():
    """English may name Chinese units and sheets, but it is English; Chinese that only repeats the English is none."""
    chinese, latin = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]")
    for key, sentence in sentences("en").items():
        if key.endswith(("_zh", "_en")):
            continue  # shown in both languages at once
        bare = re.sub(r"\{.*?\}", "", sentence)
        assert len(latin.findall(bare)) >= len(chinese.findall(bare)), key
        spoken = len(re.findall(r"[a-z]{2,}", bare)) > 2
        assert not spoken or chinese.search(sentences("zh")[key]), key


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_file_repeats_a_key_of_another(lang):
    import tomllib

    from fundtrack.text.say import _flat

    seen = {}
    for path in sorted((HOME / "text").glob(f"{lang}*.toml")):
        for key in _flat(tomllib.loads(path.read_text(encoding="utf-8"))):
            assert seen.setdefault(key, path.name) == path.name, (key, seen[key], path.name)


class Made(ast.NodeVisitor):
    """Problems and failures that a module makes: their code, and the words they bring, None where they come from elsewhere."""

    def __init__(self):
        self.found = []

    def visit_Call(self, node):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if node.args and name in {"Problem", "Wrong", "_differs", "Check"} | ERRORS:
            codes = [node.args[0]] if name != "_differs" else node.args[3:4]
            branches = [
                part
                for code in codes
                for part in ([code.body, code.orelse] if isinstance(code, ast.IfExp) else [code])
            ]
            for code in branches:
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    self.found.append((name, code.value, self._words(name, node)))
        self.generic_visit(node)

    def _words(self, name, node):
        given = {word.arg: word.value for word in node.keywords}
        if name in ERRORS:
            return None if None in given else set(given)
        if name != "Problem" or None in given:
            return None
        if "about" not in given:
            return set()
        about = given["about"]
        return {key.value for key in about.keys} if isinstance(about, ast.Dict) and all(about.keys) else None


ERRORS = {"FundtrackError", "AccessError", "InputError", "UsageError", "BusyError", "IntegrityError"}


def codes():
    for path in SOURCES:
        made = Made()
        made.visit(ast.parse(path.read_text(encoding="utf-8")))
        for name, code, words in made.found:
            yield pytest.param(name, code, words, id=f"{path.stem}-{code}")


@pytest.mark.parametrize(("name", "code", "words"), list(codes()))
def test_every_code_has_its_sentence_and_brings_its_words(name, code, words):
    key = f"error.{code}" if name in ERRORS else f"problem.{code}"
    if name not in ERRORS and key not in sentences("en"):
        key = f"error.{code}"
    assert key in sentences("en"), f"{key} has no sentence"
    if words is not None and key not in {"error.usage"}:
        titled = {
            f"{word}_title" for word in words & {"table", "other", "action", "roles"}
        }  # a failure's tables, actions and roles have their titles
        extra = ALWAYS if name == "Problem" else titled
        for lang in ("zh", "en"):
            assert words_of(sentences(lang)[key]) <= words | extra, key


def test_a_missing_key_or_word_raises():
    with pytest.raises(KeyError):
        say("no.such.key", "zh")
    with pytest.raises(KeyError):
        say("outcome.published", "en", edition=1)
    with pytest.raises(KeyError):
        error_sentence(FundtrackError("busy", by="x"), "zh")


CELL = {
    "file": "a.xlsx",
    "sheet": "资金往来",
    "row": 12,
    "column": "F",
    "field": "amount",
    "table": "cash_flow",
}


@pytest.mark.parametrize(
    ("problem", "zh", "en"),
    [
        pytest.param(
            Problem("not_a_number", value="1,2OO", **CELL),
            "资金往来!F12（金额）：“1,2OO”不是数字，请写成 1200.50 的样子。",
            "资金往来!F12 (Amount): “1,2OO” is not a number. Write it like 1200.50.", id="a cell"),
        pytest.param(
            Problem("cover_missing", file="a.xlsx"),
            "a.xlsx：文件里没有“封面”工作表，无法知道报送单位、截至日期和金额单位，请加上标准模板的封面，或在表头上方写明，如“报送单位：××公司”“截至2017年9月30日”“单位：万元”。",
            "a.xlsx: The file has no cover sheet, so sender, date and unit are unknown. Add the cover of the standard template, or lines above the header such as “Sender: …”, “As of 2017-09-30”, “Unit: RMB million”.", id="a file"),
        pytest.param(
            Problem("column_missing", sheet="合作基金", row=1, table="partner_fund", field="name"),
            "合作基金!1（名称）：新增的行必须有“名称”，而表里没有这一列，请补上。",
            "合作基金!1 (Name): New rows need “Name”, and the sheet has no such column. Add it.", id="a row"),
        pytest.param(
            Problem("file_empty", file="a.xlsx", about={"file": "a.xlsx"}),
            "a.xlsx：这个文件是空文件，请检查后重新报送。",
            "a.xlsx: This file is empty. Check it and send it again.", id="a failure as a problem"),
        pytest.param(
            Problem("reading_took_too_long", file="报送/a.xlsx", about={"file": "a.xlsx", "seconds": "9"}),
            "报送/a.xlsx：读取这个文件超过 9 秒，已停止，请拆分或另存为 .xlsx 后报送。", None, id="its name amid the sentence"),
        pytest.param(
            Problem("file_damaged", file="a.xlsx", about={"file": "b.csv"}),
            "a.xlsx：b.csv 内部结构已损坏，请打开后另存为 .xlsx 再报送。", None, id="another file keeps its name"),
        pytest.param(
            Problem("file_is_folder", file="报送"),
            "报送：这是文件夹，不是文件；请写出其中的工作簿，如 文件夹/*.xlsx。",
            "报送: This is a folder, not a file. Name the workbooks in it, e.g. folder/*.xlsx.", id="a folder"),
        pytest.param(
            Problem("key_twice", sheet="资金往来", row=3, column="C", table="cash_flow", value="k", about={"other": "2"}),
            "资金往来!C3：与 2 行是同一条（键：k），内容却不同，请合并或改正；确是两笔的，请填写不同的流水号。", None, id="two lines of a sheet with line numbers"),
        pytest.param(
            Problem("key_twice", sheet="估值", row=3, column="B", table="valuation", value="k", about={"other": "2"}),
            "估值!B3：与 2 行是同一条（键：k），内容却不同，请合并成一行；不是同一条的，请改正其中的编码、名称或日期。",
            "估值!B3: This is the same record as row 2 (key k) with other contents. Merge them into one row; "
            "if they are two, correct the ID, name or date of one.", id="two lines of a sheet without"),
        pytest.param(Problem("views_differ"), "视图文本与批次档案所记的不符。", None, id="no place"),
        pytest.param(
            Problem("not_a_number", value="{x} {0}", sheet="资金往来"),
            "资金往来：“{x} {0}”不是数字，请写成 1200.50 的样子。", None, id="braces stay braces"),
    ],
)  # fmt: skip
def test_sentences_give_place_what_was_seen_and_the_cure(problem, zh, en):
    assert problem_sentence(problem, "zh") == zh
    if en:
        assert problem_sentence(problem, "en") == en


def test_titles_and_places():
    assert field_title("cash_flow", "amount", "en") == "Amount"
    assert field_title("nowhere", "amount", "en") == "amount"
    assert field_title(None, None, "zh") == ""
    assert place_of(Problem("x", sheet="表", row=3)) == "表!3"
    assert place_of(Problem("x", sheet="表", row=3, column="B")) == "表!B3"
    assert place_of(Problem("x")) == ""
    assert Problem("x", row=3, column="B").as_dict()["cell"] == "B3"
