"""The findings page in both languages, a finding with its evidence, and a decision recorded through the one way in."""

from datetime import date

import pytest
from small_portfolio import TABLES, write_portfolio
from ui_pages import html, open_page, publish, text

from fundtrack.load.actions import Decision, decide
from fundtrack.metrics.rules.finding import finding_id
from fundtrack.reports.findings import findings_report
from fundtrack.store.editions import Store

# the small portfolio's first fund, with 3,000 instead of 2,000 of its 10,000 (万元) agreed, and a quarter as its cap
_BREACH = TABLES | {
    "participation": [
        row | {"commitment": "3000"} if row["participation_id"] == "PA000001" else row
        for row in TABLES["participation"]
    ]
}
_ID = finding_id("OVER_CAP", "participation", "PA000001", "committed")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("findings")
    publish(folder / "data", write_portfolio(folder / "portfolio.xlsx", _BREACH))
    return folder / "data"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["疑点核查", "各规则核对情况", "引导基金参股比例超上限", "认缴占比30.0%，上限25.0%，超出500万元。", "数据待补"]),
        ("en", ["Findings", "By rule", "Guidance share above the cap", "Share of commitments 30.0%, cap 25.0%, CNY 5,000,000 above it."]),
    ],
)  # fmt: skip
def test_the_page_lists_what_was_found(data, monkeypatch, lang, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    shown = text(open_page("findings", lang=lang))
    for word in words:
        assert word in shown, word
    assert "违规" not in shown


@pytest.mark.parametrize(("lang", "words"), [("zh", ["证据", "认缴金额", "3,000", "参股协议（协议约定）", "尚未处置"]),
                                             ("en", ["Evidence", "Commitment", "3,000", "Nobody has acted"])])  # fmt: skip
def test_a_finding_shows_its_evidence_and_what_bound(data, monkeypatch, lang, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    shown = text(open_page("findings", lang=lang, finding=_ID))
    for word in words:
        assert word in shown, word


def test_an_unknown_finding_is_said(data, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    assert "没有编号为“OVER_CAP-0”的疑点" in html(open_page("findings", lang="zh", finding="OVER_CAP-0"))


def test_a_decision_is_a_batch_and_moves_no_date(data, monkeypatch):
    store = Store(data)
    before = findings_report(store.ledger())
    made = decide(
        store,
        Decision("OVER_CAP", _ID, date(2017, 9, 30), "dismissed", "核对协议，示例", "示例", value_seen=None),
        "zh",
    )
    after = findings_report(store.ledger())
    assert made.outcome == "published"
    assert after.as_of == before.as_of
    assert (before.one(_ID)["review"], after.one(_ID)["review"]) == (None, "dismissed")
    assert [row["reason"] for row in after.history(_ID)] == ["核对协议，示例"]
    assert before.one(_ID)["first_seen_edition"] == after.one(_ID)["first_seen_edition"] == 1
    same = [name for name in before.rows.columns if name not in {"review", "open"}]
    assert after.rows.select(same).equals(before.rows.select(same))
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    assert "已排除" in text(open_page("findings", lang="zh", finding=_ID))
