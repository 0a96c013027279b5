"""The briefing: its words worked out by hand, its PDF on one page with its fonts in it, whatever names come in."""

import hashlib
import io
import json
import re
import subprocess
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_ledger import DAY, HASH, TABLES, Known, with_names
from pypdf import PdfReader
from running import json_of
from storekit import two_editions

from fundtrack.__main__ import main
from fundtrack.errors import BusyError, InputError
from fundtrack.metrics.money_back import money_back
from fundtrack.reports.imprint import imprint
from fundtrack.reports.paper import typeset
from fundtrack.reports.paper.briefing import briefing
from fundtrack.reports.paper.facts import Facts, facts, quarter_before
from fundtrack.reports.paper.sheet import Sheet, tidy
from fundtrack.reports.paper.write import written
from fundtrack.settings import Settings
from fundtrack.store import definitions
from fundtrack.store.editions import Store
from fundtrack.text.numbers import money, percent, plain
from fundtrack.text.say import LANGS, Lang

SAID = {
    "zh": (
        (
            "一、目标完成情况。截至2017年9月30日，新引进合作创投机构1家，完成年度目标的50.0%，低于序时进度24.8个百分点；"
            "合作基金累计2只，完成目标的66.7%，本年新增1只，完成年度新增任务的50.0%，低于序时进度24.8个百分点；"
            "基金认缴规模累计3.0亿元，完成目标的75.0%，本年新增2.0亿元，完成年度新增任务的66.7%，低于序时进度8.1个百分点；"
            "跨境引导基金（一期）认缴3,200万美元，为计划规模的64.0%，低于序时进度10.8个百分点。"
        ),
        (
            "二、基金运行情况（截至2017年9月30日）。（一）募集：合作基金实缴1.80亿元，到位率60.0%；引导基金实缴0.36亿元，"
            "放大5.0倍（合作基金实缴÷引导基金实缴）。（二）投资：累计投资项目2个、企业2家、0.50亿元，其中种子期、初创期占60.0%（占已投金额）；"
            "投向本市注册企业0.30亿元，占60.0%；返投认定0.30亿元（约定要求0.30亿元）。（三）退出：累计收回600万元，其中本金400万元、"
            "收益200万元；已上缴500万元，留存100万元（含滚存再投）。（四）估值：按账面净资产计，引导基金应占0.39亿元，"
            "其中51.3%为2017年6月30日及以后数据。"
        ),
        (
            "四、下一步建议。一是请受托管理机构会同基金管理人于2017年11月15日前推动示例丙基金完成工商登记，预计可增加认缴0.6亿元；"
            "其后基金规模仍差0.4亿元，需另行落实。二是跨境引导基金认缴仍差1,800万美元，请受托管理机构落实认缴进度。"
        ),
    ),
    "en": (
        (
            "1. Targets. As of 30 Sep 2017: 1 manager new to the programme, 50.0% of the target, 24.8 points behind pace; "
            "2 funds in total, 66.7% of the target, 1 fund added this year, 50.0% of this year's task, 24.8 points behind pace; "
            "¥300 m committed in total, 75.0% of the target, ¥200 m added this year, 66.7% of this year's task, 8.1 points behind pace; "
            "USD 32 m committed to the cross-border fund (phase I), 64.0% of its planned size, 10.8 points behind pace."
        ),
        (
            "2. The funds as of 30 Sep 2017. Raised: ¥180 m paid into partner funds, 60.0% of commitments; ¥36 m of it from guidance funds, "
            "5.0 times over (paid-in of the funds ÷ guidance paid-in). Invested: 2 deals in 2 companies, ¥50 m, of which 60.0% seed and start-up "
            "(by amount); ¥30 m (60.0%) in companies registered in the city; reinvestment recognised ¥30 m of ¥30 m required. "
            "Returned: ¥6 m came back, ¥4 m of principal and ¥2 m of income; ¥5 m remitted to the budget, ¥1 m kept (including what is invested "
            "again). Value: on book net assets, the guidance funds' share is ¥39 m, 51.3% of it reported for 30 Jun 2017 or later. "
        ),
        (
            "4. Next steps. (1) The operator and the managers to register 示例丙基金 by 15 Nov 2017, adding ¥60 m of commitments; "
            "still missing then: ¥40 m by scale. (2) The operator to secure USD 18 m more of commitments to the cross-border fund. "
        ),
    ),
}


@cache
def told() -> Facts:
    known: Any = Known(TABLES)
    return facts(known, None, Settings())


def words(sheet: Sheet) -> list[str]:
    return ["".join(run.words for run in section) for section in sheet.paragraphs]


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def bare(text: str) -> str:
    """A text without the spaces and line ends that setting it puts in."""
    return re.sub(r"\s", "", text)


def fonts(pdf: PdfReader) -> list[Any]:
    """Every font of every page, composite ones by what they are made of."""
    found = []
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()
            found += [one.get_object() for one in inner.get("/DescendantFonts", [inner])]
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_words_are_those_worked_out_by_hand(lang: Lang):
    first, second, third, fourth = words(briefing(told(), lang))
    assert (first, second) == SAID[lang][:2]
    assert fourth.startswith(SAID[lang][2])
    assert not re.search("违规", third + fourth)
    assert third.startswith(
        {
            "zh": "三、存在的主要问题。一是新引进合作创投机构、合作基金设立、基金认缴规模、跨境引导基金认缴慢于序时，1只已批复基金（拟认缴0.6亿元）尚未完成工商登记。",
            "en": "3. Main problems. (1) New managers, number of partner funds, committed scale, cross-border commitments behind pace; "
            "approved and not yet established: 1 (¥60 m planned). ",
        }[lang]
    )
    late = {"zh": "1家机构未报送三季报（应报2家、已报1家）", "en": "Q3 reports missing: 1 (1 of 2 in)"}
    assert late[lang] in third


@pytest.mark.parametrize("lang", LANGS)
def test_masthead_and_notes(lang: Lang):
    sheet = briefing(told(), lang)
    assert sheet.issue == {"zh": "（2017年第9期）", "en": "No. 9 of 2017"}[lang]
    assert "示例受托公司" in sheet.by
    assert sheet.banner  # the sender's name says 示例
    assert HASH[:8] in sheet.notes[1]
    assert {"zh": "数据版本第42版", "en": "edition 42"}[lang] in sheet.notes[1]
    assert briefing(told(), lang, 12).issue == {"zh": "（2017年第12期）", "en": "No. 12 of 2017"}[lang]


@pytest.mark.parametrize("lang", LANGS)
def test_the_pdf_is_one_page_of_a4_with_its_fonts_and_the_same_words(lang: Lang):
    sheet = briefing(told(), lang)
    pdf = read(written(sheet, ".pdf"))
    assert len(pdf.pages) == 1
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    for font in fonts(pdf):
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"]), font
    text = bare(pdf.pages[0].extract_text())
    for section in words(sheet):
        assert bare(section) in text
    for line in sheet.lines:
        assert bare("".join(line.cells)) in text
    assert pdf.metadata is not None
    assert pdf.metadata.title == sheet.title
    assert pdf.xmp_metadata is not None  # PDF/A says so of itself
    assert b"pdfaid" in pdf.trailer["/Root"]["/Metadata"].get_object().get_data()


@pytest.mark.parametrize("lang", LANGS)
def test_the_word_document_says_the_same(lang: Lang):
    sheet = briefing(told(), lang)
    paper = docx.Document(io.BytesIO(written(sheet, ".docx")))
    assert [cell.text for row in paper.tables[0].rows[1:] for cell in row.cells] == [
        cell for line in sheet.lines for cell in line.cells
    ]
    said = [line.text for line in paper.paragraphs]
    for section in words(sheet):
        assert section in said
    assert sheet.notes_head + sheet.notes[0] in said
    assert said[0] == sheet.title
    assert paper.sections[0].header.paragraphs[0].text == sheet.banner


@pytest.mark.parametrize("kind", [".pdf", ".docx"])
def test_the_same_edition_gives_the_same_bytes(kind: str):
    sheet = briefing(told(), "zh")
    assert len({hashlib.sha256(written(sheet, kind)).hexdigest() for _ in range(2)}) == 1


NASTY = [
    pytest.param('#import "x"; #eval("1") *粗* _斜_ $x$ `raw` \\ <b> = 标题', id="typst markup"),
    pytest.param('=HYPERLINK("http://x","y")<script>alert(1)</script>&amp;"\'', id="html and formulas"),
    pytest.param("甲\u202e金基\u2066\x00\x07\ufffe\ud800乙", id="controls"),
    pytest.param("صندوق 基金 קרן", id="right to left"),
    pytest.param("\U0001f600\ue000𠮷龘🇨🇳e\u0301", id="rare letters"),
    pytest.param("很" * 300, id="300 letters"),
    pytest.param("x" * 300, id="300 letters without a break"),
    pytest.param("#" * 50 + "\n\t" * 50, id="only marks"),
]


@pytest.mark.parametrize("name", NASTY)
def test_no_name_runs_or_breaks_the_page(name: str):
    known: Any = Known(with_names(name.replace("\ud800", "")))
    sheet = briefing(facts(known, DAY, Settings()), "zh")
    pdf = read(written(sheet, ".pdf"))
    assert len(pdf.pages) == 1
    text = bare(pdf.pages[0].extract_text())
    assert "募集：合作基金实缴1.80亿元" in text  # nothing else has moved
    if "#import" in name:
        assert '#import"x";#eval("1")*粗*' in text  # as written
    assert docx.Document(io.BytesIO(written(sheet, ".docx"))).tables
    assert "\u202e" not in "".join(words(sheet)) + sheet.by


@settings(max_examples=4, deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_name_gives_one_page(name: str):
    known: Any = Known(with_names(name))
    sheet = briefing(facts(known, DAY, Settings()), "en")
    assert len(read(written(sheet, ".pdf")).pages) == 1
    docx.Document(io.BytesIO(written(sheet, ".docx")))


def test_without_data_the_sheet_says_so_and_does_not_fail():
    rows = {name: TABLES[name] for name in ("cover", "target", "guidance_fund")}
    known: Any = Known(rows)
    sheet = briefing(facts(known, None, Settings()), "zh")
    said = words(sheet)
    assert "基金认缴规模累计0.0亿元" in said[0] or "数据待补" in said[0]
    assert "尚无投资记录。" in said[1]
    assert "尚无收回。" in said[1]
    assert "尚无净资产数据。" in said[1]
    assert len(read(written(sheet, ".pdf")).pages) == 1
    none: Any = Known({}, edition=None)
    with pytest.raises(InputError, match="no_edition"):
        facts(none, None, Settings())


def test_without_a_chinese_typeface_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(typeset, "_installed", lambda: (None, None))
    with pytest.raises(BusyError, match="no_cjk_font"):
        typeset.faces()
    out = tmp_path / "b.pdf"
    assert main(["export", "briefing", str(out), "--data", str(small), "--lang", "zh"]) == 3
    assert "没有可用的中文字体" in capsys.readouterr().err
    assert not out.exists()
    assert main(["export", "briefing", str(out.with_suffix(".docx")), "--data", str(small)]) == 0
    assert main(["export", "briefing", str(tmp_path / "b.odt"), "--data", str(small), "--lang", "en"]) == 2
    assert "must end in one of .pdf, .docx" in capsys.readouterr().err


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two editions, its views left out for speed."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    return two_editions(tmp_path).folders.data


def test_money_back_splits_as_stated_else_as_it_must():
    rows = [
        {"participation_id": "PA1", "kind": "distribution", "occurred_on": "2016-01-01", "amount": "10", "principal": "4", "currency": "CNY", "line_no": 1},
        {"participation_id": "PA1", "kind": "exit_proceeds", "occurred_on": "2016-02-01", "amount": "9", "cost_basis": "12", "currency": "CNY", "line_no": 2},
        {"participation_id": "PA1", "kind": "recallable", "occurred_on": "2016-03-01", "amount": "5", "income": "5", "currency": "CNY", "line_no": 3},
        {"participation_id": "PA2", "kind": "distribution", "occurred_on": "2016-03-01", "amount": "7", "currency": "USD", "line_no": 1},
        {"participation_id": "PA1", "kind": "distribution", "occurred_on": "2018-01-01", "amount": "99", "currency": "CNY", "line_no": 4},
    ]  # fmt: skip
    stakes = [
        {"participation_id": name, "guidance_fund_id": "GF1", "currency": "CNY"} for name in ("PA1", "PA2")
    ]
    known = Known({"cash_flow": rows, "participation": stakes})
    cny, usd = money_back(known, date(2017, 1, 1)).to_dicts()
    assert [float(cny[name]) for name in ("back", "principal", "income")] == [24.0, 13.0, 11.0]
    assert (cny["remitted"], cny["kept"], cny["unsplit"]) == (None, None, 0)
    assert (float(usd["back"]), usd["principal"], usd["income"], usd["unsplit"]) == (7.0, None, None, 1)


def test_money_back_is_what_the_auditors_view_says(demo_folder: Path):
    known = Store(demo_folder).ledger()
    query = (
        "SELECT currency, sum(money_back) AS back, sum(principal_back) AS principal, sum(income_back) AS income, sum(remitted) AS remitted "
        "FROM audit_money_trail_at(DATE '2017-09-30') GROUP BY currency ORDER BY currency"
    )
    said = known.query(query).to_dicts()
    found = money_back(known, DAY).select("currency", "back", "principal", "income", "remitted").to_dicts()
    assert found == said


def test_the_imprint_is_of_the_edition_and_its_days():
    known: Any = Known(TABLES)
    found = imprint(known)
    assert (found.edition, found.head_hash, found.as_of, found.funds_on, found.example) == (
        42,
        HASH,
        DAY,
        DAY,
        True,
    )
    assert found.line("zh", whole=True) == f"数据版本第42版，校验值{HASH}"
    later = imprint(known, date(2017, 12, 15))
    assert (later.as_of, later.funds_on) == (date(2017, 12, 15), DAY)
    assert quarter_before(later.as_of) == DAY


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        pytest.param("一二三", 3, "一二三", id="fits"),
        pytest.param("一二三四", 3, "一二…", id="cut"),
        pytest.param(" a\u00a0\n b ", 9, "a b", id="spaces"),
    ],
)
def test_tidy(text: str, longest: int, shown: str):
    assert tidy(text, longest) == shown


@pytest.mark.parametrize("lang", LANGS)
def test_the_demo_s_sheet_is_one_page_and_shows_what_progress_says(
    demo_folder: Path, tmp_path: Path, lang: Lang
):
    out = tmp_path / "briefing.pdf"
    said = json_of("export", "briefing", out, "--data", demo_folder, "--lang", lang)
    assert (said["edition"], said["as_of"], said["funds_as_of"]) == (2, "2017-09-30", "2017-09-30")
    pdf = read(out.read_bytes())
    assert len(pdf.pages) == 1
    text = bare(pdf.pages[0].extract_text())
    assert said["head_hash"][:8] in text
    rows = {row["code"]: row for row in json_of("progress", "--data", demo_folder)["targets"]}
    for code, row in rows.items():
        if row["computed"]:
            actual = (
                money(row["actual"], row["currency"], lang) if row["currency"] else plain(row["actual"], lang)
            )
            for shown in (actual, percent(row["completion"], lang), percent(row["elapsed"], lang)):
                assert bare(shown) in text, (code, shown)
    earlier = tmp_path / "earlier.pdf"
    told_then = json_of("export", "briefing", earlier, "--data", demo_folder, "--known-at", 1, "--lang", lang)
    assert told_then["edition"] == 1
    assert told_then["head_hash"] != said["head_hash"]
    assert json.loads(json.dumps(told_then))["as_of"] < said["as_of"]


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["示例", "很" * 300])
def test_the_word_document_stands_on_one_page_too(lang: Lang, name: str, tmp_path: Path):
    known: Any = Known(with_names(name))
    paper = tmp_path / "briefing.docx"
    paper.write_bytes(written(briefing(facts(known, DAY, Settings()), lang), ".docx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(paper)]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    assert len(read((tmp_path / "briefing.pdf").read_bytes()).pages) == 1
