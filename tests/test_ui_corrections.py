import shutil

import pytest
from small_portfolio import write_portfolio
from ui_pages import html, open_page, publish, text

from fundtrack.load import pipeline
from fundtrack.load.corrections import correct
from fundtrack.load.edits import Edit
from fundtrack.reports.correctable import correctable
from fundtrack.reports.corrections import corrections_report
from fundtrack.store.editions import Store

WHY = {"by": "李四", "reason": "协议为1.2亿元"}


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The small portfolio: two values corrected in one batch, another correction taken back."""
    folder = tmp_path_factory.mktemp("corrections")
    publish(folder / "data", write_portfolio(folder / "first.xlsx"))
    store = Store(folder / "data")
    correct(store, [Edit("partner_fund", "PF000001", {"committed_size": "1.2亿", "fee_rate": "1.8%"})], **WHY)
    second = correct(store, [Edit("guidance_fund", "GF000001", {"kind": "天使"})], **WHY)
    pipeline.undo(store, second.batch_ids[0], by="王五", reason="核实无误")
    return folder / "data"


@pytest.fixture
def data(once, tmp_path, monkeypatch):
    made = shutil.copytree(once, tmp_path / "data", copy_function=shutil.copy2)
    monkeypatch.setenv("FUNDTRACK_DATA", str(made))
    return made


def submit(at, label):
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception, at.exception
    return at


def test_the_report_lists_what_was_put_right_and_taken_back(once):
    found = [
        (each.event, each.reverses is not None, each.field, each.old, each.new, each.status, each.by)
        for each in corrections_report(Store(once).ledger(), "zh")
    ]
    assert found == [
        ("reversal", True, "kind", "天使", "创投", None, "王五"),
        ("correction", False, "kind", "创投", "天使", "reversed", "李四"),
        ("correction", False, "committed_size", "100,000,000.00", "120,000,000.00", "standing", "李四"),
        ("correction", False, "fee_rate", "2%", "1.8%", "standing", "李四"),
    ]


@pytest.mark.parametrize(
    ("words", "keys", "found"),
    [
        pytest.param("", ("PF000001", "PF000002"), 4, id="all, the first two shown"),
        pytest.param("乙成长", ("PF000002",), 1, id="by name"),
        pytest.param("cny VC000001", ("PF000001", "PF000004"), 2, id="all words, any field"),
        pytest.param("nobody", (), 0, id="none"),
    ],
)
def test_rows_are_found_by_words(once, words, keys, found):
    made = correctable(Store(once).ledger(), "partner_fund", words, "zh", 2)
    assert (made.keys, made.found) == (keys, found)
    assert made.columns[0].name == "partner_fund_id"


@pytest.mark.parametrize(
    ("lang", "title", "said"),
    [
        pytest.param("zh", "更正与冲销", ("已由批次", "核实无误", "合作基金", "有效"), id="zh"),
        pytest.param("en", "Corrections &amp; reversals", ("reversed by batch", "reversal of", "stands"), id="en"),
    ],
)  # fmt: skip
def test_the_page_shows_rows_and_the_past(data, lang, title, said):
    at = open_page("corrections", lang=lang)
    assert f"<h1>{title}</h1>" in html(at)
    for words in said:
        assert words in text(at)
    assert len(at.dataframe) == 1


def test_a_reversal_from_the_page_and_its_refusal(data, tmp_path):
    changed = {
        "partner_fund": [
            {"partner_fund_id": "PF000001", "name": "示例甲一号", "manager_id": "VC000001", "currency": "CNY"}
        ]
    }
    publish(data, write_portfolio(tmp_path / "later.xlsx", changed))
    at = open_page("corrections", lang="zh")
    batches = Store(data).ledger().batches()
    first = batches.filter(kind="correction")["batch_id"][0]
    last = batches["batch_id"][-1]

    def undo(name):
        next(box for box in at.selectbox if box.label == "批次").select(name)
        next(box for box in at.text_input if box.label == "冲销原因（必填）").set_value("误传")
        at.checkbox[0].check()
        return submit(at, "冲销")

    undo(first)
    assert [each.value for each in at.error] == [
        f"不能冲销：批次 {last} 之后又改动了 合作基金 的 PF000001，请先冲销批次 {last}。"
    ]
    assert "更正与冲销记录" in text(at)
    undo(last)
    assert "已冲销" in at.success[0].value
    assert Store(data).ledger()["partner_fund"]["name"][0] == "示例甲一号创投基金"


def test_an_empty_folder_says_how_to_begin(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    assert "更正与冲销" in text(open_page("corrections", lang="zh"))
