import pytest
from small_portfolio import FIFTH_FUND, write_portfolio
from ui_pages import html, open_page, publish, text, upload

from fundtrack.store.editions import Store


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def loaded(data, tmp_path):
    publish(data, write_portfolio(tmp_path / "first.xlsx"))
    return data


def submit(at, label):
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize(
    ("lang", "title", "batches", "kinds"),
    [
        pytest.param("zh", "数据导入", "入库批次", ("导入", "随程序"), id="zh"),
        pytest.param("en", "Load", "Batches", ("load", "came with fundtrack"), id="en"),
    ],
)
def test_batches_are_listed(loaded, lang, title, batches, kinds):
    at = open_page("load", lang=lang)
    page = html(at)
    assert f"<h1>{title}</h1>" in page
    assert f"<h2>{batches}</h2>" in page
    for kind in kinds:
        assert f">{kind}</td>" in page
    assert "first.xlsx" in page


def test_first_workbook_into_an_empty_folder(data, tmp_path):
    at = open_page("load", lang="zh")
    assert "还没有入库批次" in text(at)
    upload(at, [write_portfolio(tmp_path / "first.xlsx")])
    said = text(at)
    assert "没有发现问题。" in said
    assert "合作基金 4 0 0" in said  # new, changed, unchanged
    assert Store(data).newest() is None  # nothing changes before the button
    submit(at, "发布")
    assert "已发布：数据版本第1版" in at.success[0].value
    assert "合作基金：新增 4，变更 0，未变 0" in text(at)
    assert Store(data).newest() == 1


def test_diff_shows_changed_fields_and_the_targets_before_and_after(loaded, tmp_path):
    changed = {
        "partner_fund": [
            {
                "partner_fund_id": "PF000001",
                "name": "示例甲一号创投基金",
                "manager_id": "VC000001",
                "currency": "CNY",
                "committed_size": "12000",
            }
        ]
    }
    at = upload(open_page("load", lang="en"), [write_portfolio(tmp_path / "second.xlsx", changed)])
    said = text(at)
    assert "PF000001 Committed size at establishment 100000000.00 120000000.00" in said
    assert "Effect on the four targets (both as of 2017-09-30)" in said
    assert "350 m" in said
    assert "370 m" in said


def test_publishing_moves_the_numbers_and_undo_moves_them_back(loaded, tmp_path):
    at = upload(
        open_page("load", lang="en"), [write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30")]
    )
    submit(at, "Publish")
    assert "edition 2" in at.success[0].value.lower()
    assert Store(loaded).ledger()["partner_fund"].height == 5

    at = open_page("load", lang="en")
    submit(at, "Reverse")
    assert at.error[0].value == "Please give a reason and tick the box."
    assert Store(loaded).newest() == 2
    next(box for box in at.text_input if box.label.startswith("Reason for")).set_value("sent by mistake")
    at.checkbox[0].check()
    submit(at, "Reverse")
    assert "was reversed" in at.success[0].value
    assert Store(loaded).newest() == 3
    assert Store(loaded).ledger()["partner_fund"].height == 4
    assert "sent by mistake" in text(at)


@pytest.mark.parametrize(
    ("lang", "cure", "no_button"),
    [pytest.param("zh", "一千不是数字", "发布", id="zh"), pytest.param("en", "一千", "Publish", id="en")],
)
def test_a_refused_workbook_names_the_cell_and_offers_no_publish(loaded, tmp_path, lang, cure, no_button):
    wrong = {"manager": [{"manager_id": "VC000009", "name": None}]}
    at = upload(open_page("load", lang=lang), [write_portfolio(tmp_path / "wrong.xlsx", wrong)])
    said = text(at)
    assert "B2" in said
    assert no_button not in [button.label for button in at.button]
    assert Store(loaded).newest() == 1


def test_a_file_that_is_no_workbook_is_one_sentence(loaded, tmp_path):
    path = tmp_path / "nothing.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    at = upload(open_page("load", lang="zh"), [path])
    assert "退回：有错误" in text(at)
    assert "nothing.xlsx" in text(at)


def test_the_same_workbook_again_has_nothing_to_publish(loaded, tmp_path):
    at = upload(open_page("load", lang="zh"), [write_portfolio(tmp_path / "first.xlsx")])
    assert "文件内容与现有数据一致，无需发布。" in text(at)
    assert "发布" not in [button.label for button in at.button]


def test_one_refused_sender_does_not_keep_the_others_out(loaded, tmp_path):
    good = write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30")
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"not a workbook")
    at = upload(open_page("load", lang="en"), [good, bad])
    submit(at, "Publish the senders without errors")
    assert at.warning[0].value.startswith("Published in part")
    assert Store(loaded).newest() == 2
