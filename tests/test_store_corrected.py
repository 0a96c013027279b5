"""What was corrected, read out of the log: each case is a row's life told batch by batch."""

from datetime import date

import polars as pl
import pytest
from storekit import MANAGER, NOON, batch, memory, rows

from fundtrack.store.batches import COLUMNS_SCHEMA, DraftBatch
from fundtrack.store.corrected import corrections, shown
from fundtrack.store.reversal import reversal

FUND = {"partner_fund_id": "PF1", "name": "示例一号", "name_key": "示例一号", "manager_id": "VC1", "currency": "CNY"}  # fmt: skip


def correction(table, row, *fields, sheet="更正 1"):
    """A correction's draft: the whole row, and a map of only the fields that it puts right."""
    made = batch(
        {table: rows(table, row | {"sheet": sheet, "row_number": 1})}, kind="correction", sender=None
    )
    columns = [{"table_name": table, "sheet": sheet, "field": name, "column_letter": "A", "header": name} for name in fields]  # fmt: skip
    return DraftBatch(made.meta, made.puts, pl.DataFrame(columns, schema=COLUMNS_SCHEMA), made.source)


def live(steps):
    """The corrections after steps: a name is a file that says it, `=name` a correction, `-` the row's removal, `undo n` a reversal."""
    with memory() as store:
        for step in steps:
            if step.startswith("undo"):
                name = f"B{int(step.split()[1]):06d}"
                store.append(reversal(store.ledger, name, by="li", reason="x", now=NOON, version="0"))
            elif step == "-":
                store.append(batch({"manager": rows("manager", MANAGER | {"op": "delete"})}))
            elif step.startswith("="):
                store.append(correction("manager", MANAGER | {"name": step[1:] or None}, "name"))
            else:
                name, _, note = step.partition("/")
                store.append(batch({"manager": [MANAGER | {"name": name or None, "note": note or None}]}))
        return [
            (int(each.batch_id[1:]), each.old, each.new, each.uncorrected, each.status, int((each.ended_by or "B0")[1:]))
            for each in corrections(store.ledger)
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param(["A", "B"], [], id="a file's change is no correction"),
        pytest.param(["A", "=B"], [(2, "A", "B", ("A",), "standing", 0)], id="stands"),
        pytest.param(["A", "=B", "B/news"], [(2, "A", "B", ("A",), "standing", 0)], id="another field changed"),
        pytest.param(["A", "=B", "C"], [(2, "A", "B", ("A",), "replaced", 3)], id="a third value"),
        pytest.param(["A", "=B", "C", "B"], [(2, "A", "B", ("A",), "replaced", 3)], id="replaced stays replaced"),
        pytest.param(["A", "=B", "undo 2"], [(2, "A", "B", ("A",), "reversed", 3)], id="reversed"),
        pytest.param(["A", "=B", "undo 2", "undo 3"], [(2, "A", "B", ("A",), "standing", 0)], id="its reversal reversed"),
        pytest.param(["A", "=B", "C", "undo 3"], [(2, "A", "B", ("A",), "standing", 0)], id="the third value reversed"),
        pytest.param(
            ["A", "=B", "=C"],
            [(2, "A", "B", ("A",), "replaced", 3), (3, "B", "C", ("A", "B"), "standing", 0)],
            id="corrected again",
        ),
        pytest.param(
            ["A", "=B", "=C", "undo 3"],
            [(2, "A", "B", ("A",), "standing", 0), (3, "B", "C", ("A", "B"), "reversed", 4)],
            id="the second taken back",
        ),
        pytest.param(
            ["A", "=B", "=A"],
            [(2, "A", "B", ("A",), "replaced", 3), (3, "B", "A", ("B",), "standing", 0)],
            id="corrected back",
        ),
        pytest.param(["A", "=B", "-"], [(2, "A", "B", ("A",), "removed", 3)], id="the row removed"),
        pytest.param(["A", "=B", "-", "A"], [(2, "A", "B", ("A",), "removed", 3)], id="the row is back"),
        pytest.param(["", "=B"], [(2, None, "B", (None,), "standing", 0)], id="a blank filled"),
        pytest.param(["A", "="], [(2, "A", None, ("A",), "standing", 0)], id="a value taken away"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_correction(steps, expected):
    assert live(steps) == expected


def test_a_day_is_corrected_with_its_precision():
    with memory() as store:
        known = FUND | {"established_on": date(2017, 6, 30), "established_on_precision": "month"}
        store.append(batch({"partner_fund": [known]}))
        store.append(
            correction("partner_fund", known | {"established_on_precision": "day"}, "established_on")
        )
        (found,) = corrections(store.ledger)
        assert (found.old, found.new) == ((date(2017, 6, 30), "month"), (date(2017, 6, 30), "day"))
        assert (shown(found.old), shown(found.new)) == ("2017-06", "2017-06-30")


def test_only_the_fields_that_it_names_are_corrected():
    with memory() as store:
        store.append(batch({"manager": [MANAGER, MANAGER | {"manager_id": "VC2"}]}))
        made = correction("manager", MANAGER | {"location": "杭州"}, "location", sheet="更正 1")
        other = correction("manager", MANAGER | {"manager_id": "VC2", "uscc": "X"}, "uscc", sheet="更正 2")
        both = pl.concat([made.puts["manager"], other.puts["manager"]])
        store.append(
            DraftBatch(made.meta, {"manager": both}, pl.concat([made.columns, other.columns]), made.source)
        )
        found = [(each.row_key, each.field) for each in corrections(store.ledger)]
        assert found == [("VC1", "location"), ("VC2", "uscc")]
