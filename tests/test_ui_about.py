import pytest
from ui_pages import html, open_page, text

from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.store.definitions import all_definitions
from fundtrack.store.migrate import table_words
from fundtrack.ui.dictionary import ALL, dictionary_rows


@pytest.mark.parametrize(
    ("lang", "title", "heads", "policy"),
    [
        pytest.param(
            "zh",
            "数据说明",
            ("数据版本", "入库批次", "政策措施"),
            "联合天使担保风险池",
            id="zh",
        ),
        pytest.param(
            "en",
            "About the data",
            ("Editions", "Batches", "Policies"),
            "risk pool",
            id="en",
        ),
    ],
)
def test_every_part_in_both_languages(small_data, lang, title, heads, policy):
    at = open_page("about", lang=lang)
    page = html(at)
    assert f"<h1>{title}</h1>" in page
    for head in heads:
        assert f"<h2>{head}</h2>" in page
    assert policy in page


@pytest.mark.parametrize(
    ("lang", "heads"),
    [
        pytest.param("zh", ("口径", "数据字典", "数据库中的表、视图与宏"), id="zh"),
        pytest.param(
            "en", ("Definitions", "Data dictionary", "Tables, views and macros of the database"), id="en"
        ),
    ],
)
def test_the_dictionary_in_both_languages(small_data, lang, heads):
    page = html(open_page("dictionary", lang=lang))
    for head in heads:
        assert f"<h2>{head}</h2>" in page


@pytest.mark.parametrize("table", list(TABLES))
def test_every_column_of_every_sheet_is_in_the_dictionary(small_data, table):
    said = text(open_page("dictionary", lang="zh", sheet=table))
    for column in COLUMNS[table]:
        assert f"{column.zh} {column.en} {column.name} " in said


def test_a_search_over_all_sheets_names_the_sheet(small_data):
    said = text(open_page("dictionary", lang="en", sheet=ALL, q="district"))
    assert "Partner funds 注册区县 Registered district district" in said
    assert "Companies 经营区县 Operating district operating_district" in said


@pytest.mark.parametrize(
    "query",
    [{"sheet": "nonsense"}, {"edition": "99"}, {"edition": "x"}, {"as_of": "yesterday"}, {"lang": "fr"}],
)
def test_a_wrong_address_shows_what_there_is(small_data, query):
    page = html(open_page("dictionary", **{"lang": "zh", **query}))
    assert "<code>partner_fund_id</code>" in page


def test_nothing_found_says_so(small_data):
    assert dictionary_rows("cover", "no such word") == []
    assert "Nothing matches." in text(open_page("dictionary", lang="en", q="no such word"))


def test_without_data_the_dictionary_still_stands(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "none"))
    page = html(open_page("dictionary", lang="en"))
    assert "<h2>Data dictionary</h2>" in page
    assert "<h2>Editions</h2>" not in page


@pytest.mark.parametrize("name", ["audit_changes", "progress_at", "fund_metric", "partner_fund_log", "batch"])
def test_every_column_of_an_object_is_shown_with_its_words(small_data, name):
    said = text(open_page("dictionary", lang="zh", object=name))
    [one] = [one for one in (*table_words(), *all_definitions()) if one.name == name]
    assert one.columns
    for column, words in one.columns.items():
        assert column in said
        assert " ".join(words.split(" / ")[0].split()) in said, column


def test_an_audit_view_shows_its_chinese_names(small_data):
    said = text(open_page("dictionary", lang="en", object="audit_idle"))
    assert "idle_days 闲置天数 Days since" in said
