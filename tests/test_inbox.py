"""收件台账: what is owed by whom, counted from the demo's workbooks by hand, and small cases worked by hand."""

import io
import json
from collections import defaultdict
from datetime import UTC, date, datetime

import openpyxl
import pytest
from handcount import books, day, newest, participations, rows
from small_portfolio import TABLES, write_portfolio
from ui_pages import html, open_page, text

from fundtrack import __main__ as cli
from fundtrack.load import pipeline
from fundtrack.metrics.rhythm import due, owes, period_of, periods_between
from fundtrack.reports.inbox import inbox, usual_day
from fundtrack.reports.reminders import inbox_lines, reminders
from fundtrack.reports.sheets import excel
from fundtrack.store.editions import Store
from fundtrack.store.folders import Folders
from fundtrack.store.returned import Returned, note_returned, register_of, returned_files

END, AFTER = date(2017, 9, 30), date(2017, 11, 15)


# --- the demo, by hand --------------------------------------------------------------------------------------------------


def owed_by_hand():
    """Funds set up with guidance money agreed, not in liquidation, that ever sent a quarterly report."""
    quarterly = {row["基金编码"] for row in rows("基金定期报告") if row["报告类型"] == "季报"}
    ended = {
        row["基金编码"]
        for row in rows("基金变更")
        if row["事项"] in {"进入清算", "注销", "提前终止"} and day(row["生效日期"]) <= END
    }
    agreed = {
        row["基金编码"] for row in participations("创投", "天使", "跨境")
        if day(row["协议日期"]) and day(row["协议日期"]) <= END and not (day(row["终止日期"]) and day(row["终止日期"]) <= END)
    }  # fmt: skip
    funds = newest("合作基金", "基金编码")
    return {
        name
        for name in agreed - ended
        if name in quarterly and day(funds[name]["设立日期"]) and day(funds[name]["设立日期"]) <= END
    }


def senders_by_hand():
    return {
        row["基金编码"]: book.cover["报送单位"]
        for book in books()
        for row in book.sheets.get("基金定期报告", ())
    }


def test_the_demo_is_as_counted_by_hand(demo_folder):
    came = {row["基金编码"]: row for row in rows("基金定期报告") if row["期间"] == "2017Q3"}
    owed, senders = owed_by_hand(), senders_by_hand()
    assert (len(owed), len(owed & set(came))) == (84, 79)
    found = inbox(Store(demo_folder).ledger(), AFTER, "2017Q3")
    assert {each.partner_fund_id for each in found.owed} == owed
    missing = {each.partner_fund_id for each in found.owed if each.status == "missing"}
    assert missing == owed - set(came) == {"PF-008", "PF-021", "PF-038", "PF-048", "PF-058"}
    assert found.counts() == {
        "due": 84,
        "missing": 5,
        "returned": 0,
        "not_yet_due": 0,
        "late": 0,
        "received": 79,
    }
    for each in found.owed:
        assert each.sender == senders[each.partner_fund_id]
        assert each.due_on == date(2017, 10, 31)
        assert each.filed_on == (
            day(came[each.partner_fund_id]["实报日期"]) if each.partner_fund_id in came else None
        )
    assert {each.days_late for each in found.owed if each.status == "missing"} == {15}
    assert all(
        each.file.startswith("2017Q3-10-demo") and each.batch_id
        for each in found.owed
        if each.status == "received"
    )


def test_late_reports_of_the_demo_are_those_filed_after_they_were_due(demo_folder):
    late = {
        row["基金编码"]
        for row in rows("基金定期报告")
        if row["期间"] == "2017Q2" and day(row["实报日期"]) > day(row["应报日期"])
    }
    found = inbox(Store(demo_folder).ledger(), AFTER, "2017Q2")
    assert {each.partner_fund_id for each in found.owed if each.status == "late"} == late
    assert len(late) == 1


def test_before_the_due_date_nothing_is_missing(demo_folder):
    counts = inbox(Store(demo_folder).ledger(), date(2017, 10, 31), "2017Q3").counts()
    assert (counts["missing"], counts["not_yet_due"], counts["received"]) == (0, 5, 79)


def test_what_is_looked_at_where_nothing_is_asked(demo_folder):
    known = Store(demo_folder).ledger()
    assert usual_day(known) == known.editions()["published_at"][-1].date()
    found = inbox(known, AFTER)
    assert (found.period, found.periods[0], found.periods[-1]) == ("2017Q3", "2017Q3", "2008")
    assert inbox(known, date(2007, 1, 1)).period is None
    assert inbox(Store(demo_folder).ledger(1), AFTER).period == "2017Q2"


# --- small cases by hand ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "sent", "end", "owed"),
    [
        pytest.param("quarter", {"quarter", "year"}, END, True, id="once quarterly, always quarterly"),
        pytest.param("quarter", {"half"}, END, False, id="never quarterly"),
        pytest.param("half", {"half"}, date(2017, 6, 30), True, id="half-year"),
        pytest.param("half", set(), date(2017, 6, 30), True, id="never sent anything"),
        pytest.param("half", set(), date(2017, 12, 31), False, id="the second half is the year"),
        pytest.param(
            "half", {"quarter", "half"}, date(2017, 6, 30), False, id="the quarter stands for the half"
        ),
        pytest.param("year", set(), date(2017, 12, 31), True, id="all owe the year's"),
    ],
)
def test_rhythms(rhythm, sent, end, owed):
    assert owes(rhythm, frozenset(sent), end) is owed


@pytest.mark.parametrize(
    ("rhythm", "end", "own", "others", "day_and_why"),
    [
        ("half", date(2017, 6, 30), [], [], (date(2017, 9, 30), "statute")),
        ("half", date(2017, 12, 31), [], [], (date(2018, 6, 30), "statute")),
        ("year", date(2017, 12, 31), [(date(2016, 12, 31), date(2017, 3, 31))], [], (date(2018, 6, 30), "statute")),
        ("quarter", date(2017, 12, 31), [], [], (date(2018, 1, 31), "habit")),
        ("quarter", date(2017, 3, 31), [(date(2016, 12, 31), date(2017, 1, 31))], [], (date(2017, 4, 30), "habit")),
        ("quarter", END, [], [(date(2017, 6, 30), date(2017, 8, 31))], (date(2017, 11, 30), "habit")),
        ("quarter", END, [(date(2017, 6, 30), date(2017, 7, 20)), (date(2017, 3, 31), date(2017, 4, 15)), (date(2016, 12, 31), date(2017, 1, 15))], [],
         (date(2017, 10, 15), "habit")),
    ],
)  # fmt: skip
def test_due_dates(rhythm, end, own, others, day_and_why):
    assert due(rhythm, end, own, others) == day_and_why


@pytest.mark.parametrize(
    ("written", "kind", "period"),
    [("2017Q2", "半年报", "2017H1"), ("2017H1", "季报", "2017Q2"), ("2017Q4", "审计报告", "2017"), ("2017Q3", "半年报", "2017Q3"), ("2017", "年报", "2017")],
)  # fmt: skip
def test_periods_by_their_kind(written, kind, period):
    assert period_of(written, kind) == period


def test_periods_to_choose_from():
    assert periods_between(date(2016, 12, 1), date(2017, 3, 31)) == ["2017Q1", "2016Q4", "2016"]


def refused(sender, at, as_of=END, file="错.xlsx"):
    return Returned(file, "0" * 64, sender, as_of, 3, "王", at)


SILENT = {name: rows for name, rows in TABLES.items() if name != "fund_report"}


def published(tmp_path, reports):
    store = Store(tmp_path / "data")
    path = write_portfolio(tmp_path / "first.xlsx", SILENT)
    assert pipeline.load(store, [path], by="王").outcome == "published"
    other = write_portfolio(tmp_path / "reports.xlsx", {"fund_report": reports}, "2017-10-20")
    assert pipeline.load(store, [other], by="王").outcome == "published"
    return store


REPORT = {
    "partner_fund_id": "PF000001",
    "period": "2017Q2",
    "kind": "季报",
    "due_on": "2017-07-20",
    "filed_on": "2017-07-25",
    "projects": 3,
}


def test_small_portfolio_by_hand(tmp_path):
    """甲 is quarterly and silent since; 乙 has only the announcement that a report is due; 丙 never sent anything."""
    announced = {"partner_fund_id": "PF000002", "period": "2017Q3", "kind": "季报", "due_on": "2017-10-10"}
    known = published(tmp_path, [REPORT, announced]).ledger()
    found = {each.partner_fund_id: each for each in inbox(known, date(2017, 10, 15), "2017Q3").owed}
    assert set(found) == {"PF000001", "PF000002"}
    assert (found["PF000001"].due_on, found["PF000001"].status, found["PF000001"].due_from) == (
        date(2017, 10, 20),
        "not_yet_due",
        "habit",
    )
    assert (found["PF000002"].due_on, found["PF000002"].status, found["PF000002"].days_late) == (
        date(2017, 10, 10),
        "missing",
        5,
    )
    earlier = {each.partner_fund_id: each for each in inbox(known, AFTER, "2017Q2").owed}
    assert (earlier["PF000001"].status, earlier["PF000001"].days_late) == ("late", 5)
    half = {each.partner_fund_id: each for each in inbox(known, AFTER, "2017H1").owed}
    assert "PF000001" not in half
    assert {(each.due_on, each.due_from, each.status) for each in half.values()} == {
        (date(2017, 9, 30), "statute", "missing")
    }


def test_a_file_sent_back_is_returned_until_the_sender_is_taken(tmp_path):
    known = published(tmp_path, [REPORT]).ledger()
    sender = inbox(known, AFTER, "2017Q3").owed[0].sender
    later, sooner = datetime(2099, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)
    cases = [
        (later, END, "returned"),
        (sooner, END, "missing"),
        (later, date(2017, 6, 30), "missing"),
        (later, None, "returned"),
    ]
    for at, as_of, status in cases:
        (one,) = inbox(known, AFTER, "2017Q3", [refused(f" {sender} ", at, as_of)]).owed
        assert (one.status, one.file if status == "returned" else "错.xlsx", one.days_late) == (
            status,
            "错.xlsx",
            26,
        )
    unread = inbox(known, AFTER, "2017Q3", [refused(None, later)])
    assert [each.file for each in unread.unread] == ["错.xlsx"]
    assert unread.owed[0].status == "missing"


# --- the register of files sent back ------------------------------------------------------------------------------------


def test_refused_loads_are_noted_and_change_nothing(tmp_path):
    store = Store(tmp_path / "data")
    wrong = write_portfolio(tmp_path / "wrong.xlsx", {"manager": [{"manager_id": "VC9", "name": None}]})
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    assert pipeline.load(store, [wrong, broken], by="王").outcome == "refused"
    first, second = returned_files(store.folders)
    assert (first.file, first.as_of, first.errors, first.by) == ("wrong.xlsx", END, 1, "王")
    assert first.sender and len(first.sha256) == 64
    assert (second.file, second.sender, second.sha256, second.as_of) == ("broken.xlsx", None, None, None)
    assert store.newest() is None
    pipeline.check(store, [wrong])
    assert len(returned_files(store.folders)) == 2


def test_a_register_that_cannot_be_written_or_read_stops_nothing(tmp_path):
    folders = Folders(tmp_path)
    assert returned_files(folders) == []
    assert note_returned(folders, []) is True
    (tmp_path / "inbox").write_text("a file where the folder should be")
    assert note_returned(folders, [refused("甲", datetime.now(UTC))]) is False
    (tmp_path / "inbox").unlink()
    assert note_returned(folders, [refused("甲", datetime.now(UTC))]) is True
    with register_of(folders).open("a") as file:
        file.write('not json\n{"file": 1}\n')
    assert [each.sender for each in returned_files(folders)] == ["甲"]


# --- command, list and page ---------------------------------------------------------------------------------------------


def test_the_command_gives_senders_and_the_reminder_list(demo_folder, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FUNDTRACK_LANG", "zh")
    out = tmp_path / "r.xlsx"
    assert (
        cli.main(
            [
                "inbox",
                "--data",
                str(demo_folder),
                "--period",
                "2017年三季度",
                "--json",
                "--reminders",
                str(out),
            ]
        )
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["period"], told["due"], told["received"], told["missing"]) == ("2017Q3", 84, 79, 5)
    by_sender = defaultdict(int)
    for fund, sender in senders_by_hand().items():
        by_sender[sender] += fund in owed_by_hand()
    assert {each["sender"]: each["due"] for each in told["senders"]} == {
        name: count for name, count in by_sender.items() if count
    }
    sheet = openpyxl.load_workbook(out)["催报名单"]
    assert sorted(row[1].value for row in sheet.iter_rows(min_row=3)) == [
        "PF-008",
        "PF-021",
        "PF-038",
        "PF-048",
        "PF-058",
    ]


@pytest.mark.parametrize(("lang", "words", "status"), [
    ("zh", "2017Q3：应报84家，已报79家（其中迟报0家），未报5家，退回待改0家，未到期0家（2017年11月15日看，数据版本第2版）。", "未报"),
    ("en", "2017Q3: 84 due, 79 received (0 of them late), 5 missing, 0 sent back, 0 not yet due (looked at on 15 Nov 2017, edition 2).", "missing"),
])  # fmt: skip
def test_the_terminal_speaks_both_languages(demo_folder, capsys, monkeypatch, lang, words, status):
    monkeypatch.setenv("FUNDTRACK_LANG", lang)
    assert cli.main(["inbox", "--data", str(demo_folder), "--as-of", "2017-11-15"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == words
    assert len(lines) == 86
    assert status in lines[2]


def test_wrong_calls_and_empty_folders_are_a_sentence(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FUNDTRACK_LANG", "en")
    assert cli.main(["inbox", "--data", str(tmp_path), "--period", "soon"]) == 2
    assert capsys.readouterr().err.startswith("“soon” is not a reporting period.")
    assert cli.main(["inbox", "--data", str(tmp_path)]) == 1
    assert "There are no data yet" in capsys.readouterr().err


def test_the_reminder_list_holds_no_formula(tmp_path):
    known = published(tmp_path, [REPORT]).ledger()
    evil = inbox(
        known,
        AFTER,
        "2017Q3",
        [
            refused(
                inbox(known, AFTER, "2017Q3").owed[0].sender,
                datetime(2099, 1, 1, tzinfo=UTC),
                file="=HYPERLINK(1)",
            )
        ],
    )
    sheet = openpyxl.load_workbook(io.BytesIO(excel(reminders(evil, "en"))))["Reminders"]
    assert {(cell.value, cell.data_type) for cell in sheet["I"][2:]} == {("=HYPERLINK(1)", "s")}
    assert inbox_lines(evil, "en")[1][0][-1] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("lang", "title", "missing"), [("zh", "收件台账", "未报"), ("en", "Inbox", "missing")]
)
def test_the_page_filters_by_its_address(demo_folder, monkeypatch, lang, title, missing):
    monkeypatch.setenv("FUNDTRACK_DATA", str(demo_folder))
    at = open_page("inbox", lang=lang, status="missing", period="2017Q3")
    assert f"<h1>{title}</h1>" in html(at)
    assert html(at).count("<tr>") == 6
    assert "PF-058" in html(at) and missing in text(at)
    assert len(at.get("download_button")) == 1
    assert html(open_page("inbox", lang=lang, status="missing", q="PF-058")).count("<tr>") == 2
    assert html(open_page("inbox", lang=lang, q="nobody")).count("<tr>") == 0


def test_the_page_without_data_or_reports(monkeypatch, tmp_path):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    assert "fundtrack demo" in text(open_page("inbox", lang="zh"))
    store = Store(tmp_path / "data")
    pipeline.load(store, [write_portfolio(tmp_path / "first.xlsx", SILENT)], by="王")
    assert "还没有收到过定期报告。" in text(open_page("inbox", lang="zh"))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    pipeline.load(
        store,
        [broken, write_portfolio(tmp_path / "r.xlsx", {"fund_report": [REPORT]}, "2017-10-20")],
        by="王",
    )
    assert "另有读不出报送单位、已退回的文件：broken.xlsx" in text(open_page("inbox", lang="zh"))
