"""Lists of investors without dates, worked by hand: what they propose, that nothing is loaded unasked, that no past size moves."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from running import json_of
from small_portfolio import TABLES as TABLES_OF_PORTFOLIO
from small_portfolio import write_portfolio
from ui_pages import open_page, publish, text, upload
from wayin import PORTFOLIO, Workbook, accept, counts, found

from fundtrack.load import pipeline
from fundtrack.load.balances import listed_words
from fundtrack.load.profiles import Profile, load_profile, save_profile
from fundtrack.load.senders import check_senders
from fundtrack.load.state import State
from fundtrack.metrics.funds_at import funds_at
from fundtrack.model.rows import TABLES
from fundtrack.store.corrected import Correction
from fundtrack.store.editions import Store

# The first list of fund PF-01, established 2014-05-02 with 10,000 万元.
GUIDE, HOLD, FIRM, STATE = "示例引导基金", "示例控股", "示例产业", "示例国投"
FIRST = {GUIDE: 2000, HOLD: 4000, FIRM: 2000, STATE: 2000}
KINDS = {GUIDE: "市引导基金", STATE: "国有资本"}
REST = {table: rows for table, rows in PORTFOLIO.items() if table != "investor_commitment"}
DAY = date(2017, 9, 30)
SET_UP = date(2014, 5, 2)


def rows(amounts, fund="PF-01", **more):
    return [
        {
            "partner_fund_id": fund,
            "investor": name,
            "kind": KINDS.get(name, "社会资本"),
            "amount": amount,
            **more,
        }
        for name, amount in amounts.items()
    ]


def book(amounts, *, day=DAY, **more):
    """A workbook with nothing but a list."""
    return Workbook({"investor_commitment": rows(amounts, **more)}, cover={"截至日期": day})


KNOWN = accept(Workbook(REST | {"investor_commitment": rows(FIRST)}, cover={"截至日期": date(2017, 6, 30)}))


def read(made, state=KNOWN, *, yes=False):
    """A workbook checked: its sender, its one file, the state after it; `yes` accepts its lists."""
    (sender,), after = check_senders([replace(made.read(), snapshots=yes)], state)
    return sender, sender.files[0], after


def proposed(made, state=KNOWN):
    _, file, _ = read(made, state)
    return [
        (each.investor, each.reason, int(each.amount / 10_000), each.effective_on) for each in file.proposals
    ]


def size(state, day):
    tables = {name: state[name] for name in TABLES}
    frame = funds_at(tables, day).filter(partner_fund_id="PF-01")
    return None if frame["committed_size"][0] is None else int(frame["committed_size"][0] / 10_000)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        pytest.param(FIRST, [], id="equal"),
        pytest.param(FIRST | {HOLD: 5000}, [(HOLD, "increase", 1000, DAY)], id="more"),
        pytest.param(FIRST | {HOLD: 3500}, [(HOLD, "reduction", -500, DAY)], id="less"),
        pytest.param(FIRST | {"示例新": 700}, [("示例新", "increase", 700, DAY)], id="a new name"),
        pytest.param({GUIDE: 2000, FIRM: 2000, STATE: 2000}, [(HOLD, "withdrawn", -4000, DAY)], id="a lost name"),
        pytest.param(FIRST | {HOLD: 0}, [(HOLD, "withdrawn", -4000, DAY)], id="a balance of nothing"),
        pytest.param(FIRST | {"示例新": 0}, [], id="a new name with nothing"),
        pytest.param(
            {GUIDE: 2000, "示例新": 4000, FIRM: 2000, STATE: 2000},
            [("示例新", "acquired", 4000, DAY), (HOLD, "transferred", -4000, DAY)],
            id="handed over: one lost, one new, one amount",
        ),
        pytest.param(
            {GUIDE: 2000, "示例新": 3900, FIRM: 2000, STATE: 2000},
            [("示例新", "increase", 3900, DAY), (HOLD, "withdrawn", -4000, DAY)],
            id="no pair where the amounts differ",
        ),
        pytest.param(
            {GUIDE: 2000, HOLD: 4000, "示例新": 2000},
            [("示例新", "increase", 2000, DAY), (FIRM, "withdrawn", -2000, DAY), (STATE, "withdrawn", -2000, DAY)],
            id="no pair where nobody can tell who handed over",
        ),
        pytest.param(
            {GUIDE: 2000, HOLD: 4000, "示例新": 2000, "示例又": 2000},
            [("示例新", "acquired", 2000, DAY), ("示例又", "acquired", 2000, DAY),
             (FIRM, "transferred", -2000, DAY), (STATE, "transferred", -2000, DAY)],
            id="two pairs of one amount",
        ),
        pytest.param(
            {f"{GUIDE} ": 2000, "示例控股（有限合伙）": 4500, FIRM: 2000, STATE: 2000},
            [(HOLD, "increase", 500, DAY)],
            id="another spelling is the same investor, under its known name",
        ),
    ],
)  # fmt: skip
def test_what_a_list_proposes(listed, expected):
    assert proposed(book(listed)) == expected


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param({STATE: 2000}, [(STATE, "initial", 2000, SET_UP)], id="one name fills it"),
        pytest.param({STATE: 1500, "示例新": 500}, [(STATE, "initial", 1500, SET_UP), ("示例新", "initial", 500, SET_UP)], id="two together"),
        pytest.param({STATE: 1500}, [(STATE, "increase", 1500, DAY)], id="less than what lacks"),
        pytest.param({STATE: 2500}, [(STATE, "increase", 2500, DAY)], id="more than what lacks"),
    ],
)  # fmt: skip
def test_new_names_that_are_what_the_first_list_lacked_are_initial(new, expected):
    """8,000 of the 10,000 at establishment are known: who brings exactly the rest was there from the start."""
    partial = {name: amount for name, amount in FIRST.items() if name != STATE}
    state = accept(
        Workbook(REST | {"investor_commitment": rows(partial)}, cover={"截至日期": date(2017, 6, 30)})
    )
    assert proposed(book(partial | new), state) == expected
    _, _, after = read(book(partial | new), state, yes=True)
    assert size(after, date(2016, 12, 31)) == 10_000
    assert size(after, DAY) == 10_000 + sum(
        amount for _, reason, amount, _ in expected if reason != "initial"
    )


def test_without_a_yes_nothing_is_loaded_and_the_question_has_the_list():
    made = book(FIRST | {HOLD: 5000, "示例新": 700})
    place = f"出资人!{made.at('investor_commitment', 'amount', 1)}"
    assert found(made, state=KNOWN) == [("warning", "snapshot_proposed", place)]
    sender, file, after = read(made)
    assert after["investor_commitment"].sort("row_key").equals(KNOWN["investor_commitment"].sort("row_key"))
    assert size(after, date(2017, 12, 31)) == 10_000
    assert sender.outcome == "accepted"  # the cover is news
    (problem,) = file.problems
    assert problem.about["list_zh"] == (
        "示例控股 增资 +10,000,000.00（清单 50,000,000.00，现有 40,000,000.00）；示例新 增资 +7,000,000.00（清单 7,000,000.00，现有 0.00）"
    )
    assert listed_words(file.proposals, "en").startswith(
        "示例控股 Increase +10,000,000.00 (list 50,000,000.00, ledger 40,000,000.00)"
    )


def test_a_yes_makes_dated_changes_that_move_no_earlier_size():
    made = book({GUIDE: 2000, HOLD: 5000, FIRM: 2000, "示例新": 700})
    _, file, after = read(made, yes=True)
    assert file.problems == ()
    new = file.diffs[0].new.sort("row_number", "investor")
    assert new.select(
        "investor", "kind", "reason", "amount", "effective_on", "currency", "row_number"
    ).rows() == [
        (
            STATE,
            "state_owned",
            "withdrawn",
            Decimal(-20_000_000),
            DAY,
            "CNY",
            1,
        ),  # not on the list: its header
        (HOLD, "private", "increase", Decimal(10_000_000), DAY, "CNY", 3),
        ("示例新", "private", "increase", Decimal(7_000_000), DAY, "CNY", 5),
    ]
    assert set(new["sheet"]) == {"出资人"}
    assert (
        new["note"].to_list()[1] == "按2017-09-30出资人清单推算：清单余额 50,000,000.00，此前 40,000,000.00"
    )
    assert [size(after, day) for day in (date(2014, 5, 1), SET_UP, date(2017, 9, 29), DAY)] == [
        None,
        10_000,
        10_000,
        9_700,
    ]
    again, same, _ = read(made, after, yes=True)
    assert (again.outcome, same.proposals, same.problems) == ("unchanged", (), ())


def test_a_list_restated_for_the_same_day_amends_the_change_of_that_day():
    _, _, once = read(book(FIRST | {HOLD: 5000}), yes=True)
    restated = book(FIRST | {HOLD: 5300})
    assert proposed(restated, once) == [(HOLD, "increase", 300, DAY)]
    _, file, after = read(restated, once, yes=True)
    assert (file.diffs[0].new.height, file.diffs[0].changed["amount"].to_list()) == (0, [Decimal(13_000_000)])
    assert [size(after, day) for day in (date(2017, 9, 29), DAY)] == [10_000, 11_300]


def test_the_next_quarter_builds_on_it():
    _, _, once = read(book(FIRST | {HOLD: 5000}), yes=True)
    later = date(2017, 12, 31)
    _, _, after = read(book(FIRST | {HOLD: 4200}, day=later), once, yes=True)
    assert [size(after, day) for day in (date(2017, 9, 29), DAY, date(2017, 12, 30), later)] == [
        10_000,
        11_000,
        11_000,
        10_200,
    ]


def test_a_list_older_than_a_known_change_proposes_nothing():
    _, _, once = read(book(FIRST | {HOLD: 5000}), yes=True)
    late = book(FIRST | {HOLD: 4100}, day=date(2017, 3, 31))
    assert [code for _, code, _ in found(late, state=once)] == ["snapshot_older"]
    _, file, after = read(late, once, yes=True)
    assert file.proposals == ()
    assert [size(after, day) for day in (date(2017, 3, 31), DAY)] == [10_000, 11_000]
    equal = book(FIRST, day=date(2017, 3, 31))
    assert found(equal, state=once) == []


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        pytest.param(
            {"effective_on": date(2017, 8, 1), "reason": "增资"}, [], id="dates and reasons: changes as ever"
        ),
        pytest.param({"reason": "初始"}, [], id="a reason: the first commitments, restated"),
    ],
)
def test_dated_or_reasoned_rows_are_no_list(more, codes):
    made = book({HOLD: 100}, **more)
    assert [code for _, code, _ in found(made, state=KNOWN)] == codes
    assert proposed(made) == []
    after = accept(made, state=KNOWN)
    own = after["investor_commitment"].filter(investor=HOLD).sort("row_key")
    assert 1_000_000 in own["amount"].to_list()


def test_one_dated_row_makes_the_fund_s_rows_changes():
    made = book(FIRST | {HOLD: 5000})
    made.fields["investor_commitment"] += ["effective_on", "reason"]
    grid = made.grids["出资人"]
    grid[0] += ["生效日期", "事由"]
    for row in grid[1:]:
        row += [None, None]
    grid.append(["PF-01", FIRM, "社会资本", 300, date(2017, 8, 1), "增资"])
    assert proposed(made) == []


def test_the_first_list_of_a_fund_is_of_its_establishment():
    made = book({HOLD: 20_000}, fund="PF-02")
    assert found(made, state=KNOWN) == []
    own = accept(made, state=KNOWN)["investor_commitment"].filter(partner_fund_id="PF-02")
    assert own.select("reason", "effective_on", "amount").rows() == [
        ("initial", date(2015, 5, 2), Decimal(200_000_000))
    ]


def test_funds_of_one_sheet_are_told_apart():
    made = Workbook({"investor_commitment": rows(FIRST | {HOLD: 5000}) + rows({HOLD: 20_000}, fund="PF-02")})
    assert [code for _, code, _ in found(made, state=KNOWN)] == ["snapshot_proposed"]
    assert counts(made, state=KNOWN) == {
        "investor_commitment": (1, 0, 3)
    }  # PF-02's first, PF-01's three equal ones


@pytest.mark.parametrize(
    ("listed", "more", "codes"),
    [
        pytest.param(FIRST | {HOLD: -500}, {}, ["snapshot_negative"], id="below zero"),
        pytest.param(FIRST, {"currency": "美元"}, ["snapshot_currency"] * 4, id="another currency"),
        pytest.param(FIRST | {HOLD: "许多"}, {}, ["not_a_number"], id="unreadable: that is the one problem"),
        pytest.param({name: amount * 10_000 for name, amount in FIRST.items()}, {}, ["unit_jump"], id="a wrong unit: nothing is asked"),
    ],
)  # fmt: skip
def test_lists_that_are_wrong(listed, more, codes):
    told = [(severity, code) for severity, code, _ in found(book(listed, **more), state=KNOWN)]
    assert told == [("error", code) for code in codes]


def test_another_kind_beside_an_equal_balance_is_said_and_left():
    _, _, once = read(book(FIRST | {HOLD: 5000}), yes=True)
    made = book(FIRST | {HOLD: 5000})
    made.set("investor_commitment", "kind", 2, "国有资本")
    assert [(severity, code) for severity, code, _ in found(made, state=once)] == [
        ("warning", "snapshot_kind_differs")
    ]
    after = accept(made, state=once)["investor_commitment"].filter(investor=HOLD)
    assert set(after["kind"]) == {"private"}


def corrected(state, amount):
    """What is known once the first commitment of 示例控股 has been corrected."""
    key, old, new = f"PF-01|{HOLD}|{SET_UP}|initial", Decimal(40_000_000), Decimal(amount * 10_000)
    cell = Correction("B000002", "investor_commitment", key, "amount", old, new, (old,))
    frame = state["investor_commitment"]
    frame = frame.with_columns(
        pl.when(pl.col("row_key") == key)
        .then(pl.lit(new))
        .otherwise("amount")
        .cast(frame["amount"].dtype)
        .alias("amount")
    )
    tables = {name: state[name] for name in TABLES} | {"investor_commitment": frame}
    return State(None, tables, lambda: {"investor_commitment": {key: (cell,)}})


@pytest.mark.parametrize(
    ("later", "listed", "codes", "expected"),
    [
        pytest.param(0, 4000, ["correction_stands"], [], id="the uncorrected commitment again"),
        pytest.param(0, 4400, [], [], id="the corrected one"),
        pytest.param(0, 5000, ["snapshot_proposed"], [(HOLD, "increase", 600, DAY)], id="another balance replaces no correction"),
        pytest.param(300, 4700, [], [], id="the balance of two rows"),
        pytest.param(300, 4000, ["snapshot_proposed"], [(HOLD, "reduction", -700, DAY)], id="a balance that only looks like the old amount"),
    ],
)  # fmt: skip
def test_a_corrected_commitment_beside_a_list(later, listed, codes, expected):
    state = KNOWN
    if later:
        change = rows({HOLD: later}, effective_on=date(2017, 8, 1), reason="增资")
        state = accept(
            Workbook({"investor_commitment": change}, cover={"截至日期": date(2017, 8, 31)}), state=KNOWN
        )
    state = corrected(state, 4400)
    made = book(FIRST | {HOLD: listed})
    assert [code for _, code, _ in found(made, state=state)] == codes
    assert proposed(made, state) == expected


# --- the whole way: command, profile, page --------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path):
    """A data folder in which fund PF000001 has two investors."""
    first = TABLES_OF_PORTFOLIO | {"investor_commitment": listed_rows(甲=2000, 乙=8000)}
    publish(tmp_path / "data", write_portfolio(tmp_path / "first.xlsx", first))
    return Store(tmp_path / "data")


def listed_rows(**amounts):
    return [{"partner_fund_id": "PF000001", "investor": f"示例{name}", "kind": "private", "amount": str(amount)}
            for name, amount in amounts.items()]  # fmt: skip


def changes(store):
    frame = store.ledger()["investor_commitment"].filter(pl.col("reason") != "initial")
    return frame.select("investor", "reason", "amount", "effective_on").rows()


def test_the_command_asks_and_takes_a_yes(store, tmp_path):
    file = write_portfolio(
        tmp_path / "list.xlsx", {"investor_commitment": listed_rows(甲=2000, 乙=9000)}, "2017-12-31"
    )
    where = ("--data", store.folders.data)
    asked = json_of("load", file, *where)
    assert [each["code"] for each in asked["problems"]] == ["snapshot_proposed"]
    assert asked["proposals"] == [
        {"partner_fund_id": "PF000001", "investor": "示例乙", "reason": "increase", "amount": "10000000.00", "listed": "90000000.00",
         "known": "80000000.00", "currency": "CNY", "effective_on": "2017-12-31", "sheet": "出资人", "row": 3}
    ]  # fmt: skip
    assert changes(store) == []
    done = json_of("load", file, "--snapshot", *where)
    assert (done["outcome"], done["problems"]) == ("published", [])
    assert changes(store) == [("示例乙", "increase", Decimal(10_000_000), date(2017, 12, 31))]
    batch = done["batch_ids"][0]
    ledger = store.ledger()
    (at,) = ledger.log("investor_commitment").filter(batch_id=batch).select("sheet", "row_number").rows()
    column = ledger.batch_columns().filter(batch_id=batch, table_name="investor_commitment", field="amount")
    cell = openpyxl.load_workbook(file)[at[0]][f"{column['column_letter'][0]}{at[1]}"]
    assert cell.value == 9000  # the trace ends at the list's balance
    assert json_of("load", file, "--snapshot", *where)["outcome"] == "unchanged"
    pipeline.undo(store, batch, by="李", reason="误确认")
    assert changes(store) == []


def test_a_profile_may_say_yes_for_good(store, tmp_path):
    profile = Profile(name="出资人季报", snapshot=True)
    save_profile(profile, pipeline.profiles_of(store))
    assert load_profile(pipeline.profiles_of(store), "出资人季报").snapshot
    file = write_portfolio(
        tmp_path / "list.xlsx", {"investor_commitment": listed_rows(甲=1500, 乙=8000)}, "2017-12-31"
    )
    pipeline.load(store, [file], profile="出资人季报")
    assert changes(store) == [("示例甲", "reduction", Decimal(-5_000_000), date(2017, 12, 31))]


@pytest.mark.parametrize(
    ("lang", "tick", "publish_label", "words"),
    [
        pytest.param("zh", "按清单记变动", "发布", ("出资人清单推算的变动", "受让", "转出"), id="zh"),
        pytest.param("en", "Book the changes", "Publish", ("Changes that lists of investors imply", "Acquired", "Transferred"), id="en"),
    ],
)  # fmt: skip
def test_the_page_asks_and_takes_a_tick(store, tmp_path, monkeypatch, lang, tick, publish_label, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(store.folders.data))
    file = write_portfolio(
        tmp_path / "list.xlsx", {"investor_commitment": listed_rows(甲=2000, 丙=8000)}, "2017-12-31"
    )
    at = upload(open_page("load", lang=lang), [file])
    for word in words:
        assert word in text(at)
    next(box for box in at.checkbox if box.label == tick).check()
    at.run()
    assert not at.exception, at.exception
    next(button for button in at.button if button.label == publish_label).click()
    at.run()
    assert not at.exception, at.exception
    assert sorted(changes(store)) == [
        ("示例丙", "acquired", Decimal(80_000_000), date(2017, 12, 31)),
        ("示例乙", "transferred", Decimal(-80_000_000), date(2017, 12, 31)),
    ]
