"""The sender's own workbook given back: by the command, and from the Load page."""

import hashlib
import io
import json
import zipfile

import openpyxl
import pytest
from small_portfolio import write_portfolio
from ui_pages import open_page, upload

from fundtrack import __main__ as cli
from fundtrack.errors import BusyError, UsageError
from fundtrack.load import pipeline
from fundtrack.load.give_back import give_back
from fundtrack.store.editions import Store
from fundtrack.ui import downloads

WRONG = {"manager": [{"manager_id": "VC000009", "name": None}]}


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run a command in this process, in English, over a folder of its own: exit code, stdout, stderr."""
    monkeypatch.setenv("FUNDTRACK_LANG", "en")
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))

    def call(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def wrong(tmp_path):
    return write_portfolio(tmp_path / "wrong.xlsx", WRONG)


def first_sheet(content):
    book = openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)
    return book.sheetnames[0], book["合作创投机构"]["B2"]


def test_one_file_is_given_back_under_the_name_asked_for(run, wrong, tmp_path):
    out = tmp_path / "back.xlsx"
    code, told, _ = run("check", wrong, "--annotate", out, "--json", "--lang", "zh")
    assert (code, json.loads(told)["annotated"]) == (1, [{"file": "wrong.xlsx", "out": str(out)}])
    title, cell = first_sheet(out)
    assert (title, cell.fill.fgColor.rgb) == ("问题清单", "00FFC7CE")
    assert "此处必填" in cell.comment.text
    assert not (tmp_path / "data").exists() or not list((tmp_path / "data").glob("editions/*"))


def test_without_the_option_nothing_is_given_back(run, wrong):
    assert json.loads(run("check", wrong, "--json")[1])["annotated"] == []


def test_several_files_each_have_their_own_copy_and_the_unreadable_none(run, wrong, tmp_path):
    clean = write_portfolio(tmp_path / "clean.xlsx")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    _, _, err = run("check", clean, wrong, broken, "--annotate", tmp_path / "m.xlsx")
    assert sorted(path.name for path in tmp_path.glob("m*")) == ["m-clean.xlsx", "m-wrong.xlsx"]
    assert f"Marked copy written: {tmp_path / 'm-wrong.xlsx'} (wrong.xlsx)" in err
    run("check", clean, wrong, "--annotate", tmp_path / "new" / "folder")
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "clean.xlsx",
        "wrong.xlsx",
    ]


def test_a_file_checked_is_never_overwritten(run, wrong):
    before = hashlib.sha256(wrong.read_bytes()).digest()
    code, _, err = run("check", wrong, "--annotate", wrong)
    assert (code, err) == (
        2,
        f"The marked copy must not replace {wrong}, which was checked. Give another name.\n",
    )
    assert hashlib.sha256(wrong.read_bytes()).digest() == before
    result = pipeline.check(Store(wrong.parent / "data"), [wrong])
    with pytest.raises(UsageError):
        give_back(result, wrong.parent, "zh")


def test_where_it_cannot_be_written_is_one_sentence(run, wrong, tmp_path):
    (tmp_path / "a file").write_text("x")
    assert run("check", wrong, "--annotate", tmp_path / "a file" / "out.xlsx")[0] == 3
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "wrong.xlsx").mkdir()
    with pytest.raises(BusyError):
        give_back(pipeline.check(Store(tmp_path / "data"), [wrong]), tmp_path / "taken", "en")


class Sent:
    """A file as the browser sends it."""

    def __init__(self, path):
        self.name, self.path = path.name, path

    def getvalue(self):
        return self.path.read_bytes()


def test_the_page_gives_one_workbook_or_a_zip(wrong, tmp_path):
    clean = write_portfolio(tmp_path / "clean.xlsx")
    result = pipeline.check(Store(tmp_path / "data"), [clean, wrong])
    name, content = downloads.marked([Sent(clean), Sent(wrong)], result, "en")
    assert name == "marked.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["clean.xlsx", "wrong.xlsx"]
        assert first_sheet(archive.read("wrong.xlsx"))[1].fill.fgColor.rgb == "00FFC7CE"
    name, content = downloads.marked([Sent(wrong)], result, "zh")
    assert (name, first_sheet(content)[0]) == ("wrong.xlsx", "问题清单")


def test_a_marked_copy_names_the_edition_that_it_was_checked_against(run, wrong, tmp_path):
    """Nothing loaded: no line. Then edition and whole head hash, by the command as by the page."""
    store, out = Store(tmp_path / "data"), tmp_path / "out.xlsx"
    heads = []
    for _ in range(2):
        assert run("check", wrong, "--annotate", out)[0] == 1
        page = openpyxl.load_workbook(out).worksheets[0]
        heads.append([str(cell.value) for cell in page["A"][:4]])
        pipeline.load(store, [write_portfolio(tmp_path / "clean.xlsx")], by="王")
    said = f"Checked against edition 1, head hash {store.ledger().editions()['head_hash'][0]}"
    assert said not in heads[0]
    assert said in heads[1]


@pytest.mark.parametrize(
    ("lang", "label"),
    [("zh", "下载标注好的工作簿"), ("en", "Download the workbook with its problems marked")],
)
def test_the_button_stands_beside_the_problems_only(wrong, tmp_path, monkeypatch, lang, label):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    at = upload(open_page("load", lang=lang), [wrong])
    assert [button.label for button in at.get("download_button")] == [label]
    clean = upload(open_page("load", lang=lang), [write_portfolio(tmp_path / "clean.xlsx")])
    assert list(clean.get("download_button")) == []
