"""A data folder that has gone is told from one that never held anything: on the dashboard, which remembers, and by commands."""

import json
import shutil

import pytest
import streamlit as st
from small_portfolio import write_portfolio
from ui_pages import page, publish, text

from fundtrack.__main__ import main

GONE = {
    "zh": "不见了：本看板此前显示过其中的第 1 版",
    "en": "is gone: this dashboard has shown edition 1 of it",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vanished")
    publish(folder / "data", write_portfolio(folder / "a.xlsx"))
    return folder / "data"


@pytest.fixture
def data(loaded, tmp_path, monkeypatch):
    st.cache_resource.clear()
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    yield shutil.copytree(loaded, tmp_path / "data")
    st.cache_resource.clear()


def away(data, how):
    """What an unmounted disk, a moved folder and an emptied one leave."""
    data.rename(data.with_name("elsewhere"))
    if how != "moved":
        data.mkdir()
    if how == "emptied":
        (data / "editions").mkdir()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("how", ["moved", "unmounted", "emptied"])
def test_a_dashboard_says_that_the_folder_has_gone_and_goes_on_when_it_is_back(data, how, lang):
    at = page("targets", lang=lang).run()
    shown = text(at)
    assert [one.value for one in at.error] == []
    away(data, how)
    for name in ("targets", "load"):
        other = page(name, lang=lang).run()
        assert [GONE[lang] in one.value for one in other.error] == [True], name
        assert str(data) in other.error[0].value
        assert "fundtrack demo" not in text(other)
        assert not other.file_uploader
    assert data.exists() == (how != "moved"), "nothing is made where the folder was"
    shutil.rmtree(data, ignore_errors=True)
    data.with_name("elsewhere").rename(data)
    back = page("targets", lang=lang).run()
    assert [one.value for one in back.error] == []
    assert text(back) == shown


def test_a_folder_that_never_held_anything_is_welcomed(data):
    shutil.rmtree(data)
    at = page("targets", lang="zh").run()
    assert [one.value for one in at.error] == []
    assert "fundtrack demo" in text(at)


@pytest.mark.parametrize(
    ("stands", "code", "zh", "en"),
    [
        pytest.param(False, "no_such_folder", "没有文件夹", "There is no folder", id="no such path"),
        pytest.param(True, "nothing_loaded", "里还没有数据", "There are no data in", id="an empty folder"),
    ],
)
def test_commands_tell_a_path_that_is_none_from_an_empty_folder(tmp_path, capsys, stands, code, zh, en):
    folder = tmp_path / "mistyped"
    if stands:
        folder.mkdir()
    assert main(["progress", "--data", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == code
    for lang, words in (("zh", zh), ("en", en)):
        assert main(["progress", "--data", str(folder), "--lang", lang]) == 1
        told = capsys.readouterr().err
        assert words in told
        assert str(folder) in told
        assert told.count("\n") == 1
    assert folder.exists() == stands
