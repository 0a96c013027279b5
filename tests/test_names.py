"""Any name goes in, and comes out of page, Excel, CSV and SQL as a name: no markup, no formula, no query. PDF and Word: test_briefing."""

import csv
import io
from html.parser import HTMLParser

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_portfolio import TABLES, write_portfolio
from ui_pages import open_page, publish, whole

from fundtrack.reports.book.workbook import reports, workbook
from fundtrack.reports.pack.tables import as_text, comma_separated, packed
from fundtrack.settings import Settings
from fundtrack.store.editions import Store

WORDS = ["'; DROP TABLE partner_fund_log; --", "<img src=x onerror=alert(1)>", "</style><script>alert(1)</script>", "**粗**[点](javascript:alert(1))", "$\\frac{1}{0}$",
         '=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "＝1+1", "../../etc/passwd", "甲\u202e金基\u2066", "很" * 200, "صندوق קרן",
         '"><svg/onload=alert(1)>', "&lt;b&gt;&amp;", "{{7*7}}${7*7}", "`id`", ":material/home: :red[x]", "e\u0301\U0001f600𠮷", "\\u003cscript\\u003e"]  # fmt: skip
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=120)
NAMES = st.lists(
    st.one_of(st.sampled_from(WORDS), ANY, st.tuples(st.sampled_from(WORDS), ANY).map("".join)),
    min_size=22,
    max_size=22,
)
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None}


class Tags(HTMLParser):
    """The tags of a page, and the attributes that could run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.running: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.running += [
            name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")
        ]


def tables(names: list[str]) -> dict:
    """The small portfolio with a fund, a house and a company of each name."""
    funds = [{"partner_fund_id": f"PF1{place:05d}", "name": f"{name}{place}", "manager_id": "VC000001", "currency": "CNY",
              "committed_size": "100", "established_on": "2017-03-10"} for place, name in enumerate(names)]  # fmt: skip
    stakes = [{"participation_id": f"PA1{place:05d}", "guidance_fund_id": "GF000001", "partner_fund_id": f"PF1{place:05d}",
               "signed_on": "2017-02-20", "commitment": "10", "currency": "CNY"} for place in range(len(names))]  # fmt: skip
    return TABLES | {
        "partner_fund": TABLES["partner_fund"] + funds,
        "participation": TABLES["participation"] + stakes,
        "company": [{"company_id": "CO000001", "name": names[0], "district": "滨江区"}],
    }


def come_out_as_names(names: list[str], folder, monkeypatch) -> None:
    """Load the names, and look at each way out."""
    data = folder / "data"
    publish(data, write_portfolio(folder / "names.xlsx", tables(names)))
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    store = Store(data)
    held = store.ledger()
    known = {row["name"] for row in held["partner_fund"].iter_rows(named=True)}
    assert len(known) == len(names) + 4
    with duckdb.connect(str(store.folders.published), read_only=True) as con:
        for name in known:
            assert con.execute("SELECT count(*) FROM partner_fund WHERE name = $1", [name]).fetchone() == (1,)
    for page, lang in (("funds", "zh"), ("companies", "en"), ("overview", "zh")):
        tags = Tags()
        tags.feed(whole(open_page(page, lang=lang)))
        assert not tags.tags & {"script", "img", "iframe", "object", "style", "form", "input"}, tags.tags
        assert tags.running == []
    book = openpyxl.load_workbook(io.BytesIO(workbook(reports(held, None, Settings(data=data)), "zh")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink and not cell.hyperlink.location for cell in cells)
    for one in packed(held):
        if one.name in {"partner_fund", "company", "partner_fund_summary"}:
            rows = list(csv.reader(io.StringIO(comma_separated(as_text(one.frame)).decode("utf-8-sig"))))
            assert len(rows) == one.frame.height + 1
            assert not any(
                cell[:1] in set("=+-@\t\r＝＋－＠") and not cell[1:].replace(".", "").isdigit()
                for row in rows
                for cell in row
            )


@pytest.mark.parametrize("count", [1, pytest.param(20, marks=pytest.mark.full)])
def test_any_name_comes_out_as_a_name(tmp_path, monkeypatch, count):
    lists: list[list[str]] = []

    @settings(max_examples=count, **QUIET)
    @given(NAMES)
    def drawn(names: list[str]) -> None:
        lists.append(names)

    drawn()
    for place, names in enumerate(lists):
        if place == 0:
            names = [*WORDS, "甲"]
        (tmp_path / str(place)).mkdir()
        come_out_as_names(names, tmp_path / str(place), monkeypatch)
