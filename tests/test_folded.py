"""What is said of a whole column at once is what is said of each text by itself."""

import polars as pl
import pytest

from fundtrack.metrics import entities
from fundtrack.store.newest import _newest

TEXTS = [
    None, "", " ", "Ａ１（有限合伙）", "示例 资本\u3000合伙企业(有限合伙)", "Example L.P.", "EXAMPLE (LP)", "x（l.p.）\n", "【甲】—·•乙",
    "91330100799655058B", "９１３３０１００７９９６５５０５８ｂ ", "91330100799655058C", "91330100MA27XYZK0A", "9133010079965505", "P1001234", "p１００１２３４", "SEA123", "s9Z88x", "ＳＹ1234", "P100",
]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "each"),
    [
        pytest.param(entities.are_usccs, entities.valid_uscc, id="uscc"),
        pytest.param(entities.are_fund_codes, entities.valid_fund_code, id="fund code"),
        pytest.param(entities.are_firm_codes, entities.valid_firm_code, id="firm code"),
    ],
)
def test_a_column_of_codes_is_judged_as_each_code_is(column, each):
    said = column(pl.Series(TEXTS, dtype=pl.String)).to_list()
    assert said == [each(text) is not None for text in TEXTS]
    assert {True, False} == set(said)


def test_a_column_of_names_is_folded_as_each_name_is():
    assert entities.folded(pl.Series(TEXTS, dtype=pl.String)).to_list() == [
        entities.fold(text) for text in TEXTS
    ]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([("a", 1), ("b", 1), ("c", 1)], [("a", 1), ("b", 1), ("c", 1)], id="in order"),
        pytest.param([("c", 1), ("d", 1), ("a", 1), ("b", 1)], [("a", 1), ("b", 1), ("c", 1), ("d", 1)], id="stretches"),
        pytest.param([("a", 2), ("c", 2), ("a", 1), ("b", 1), ("c", 3)], [("a", 2), ("b", 1), ("c", 3)], id="corrected"),
        pytest.param([("b", 1), ("a", 3), ("c", 1), ("a", 2)], [("a", 3), ("b", 1), ("c", 1)], id="out of order"),
        pytest.param([(f"{key:03}", 1) for key in range(300, 0, -1)], [(f"{key:03}", 1) for key in range(1, 301)], id="many stretches"),
    ],
)  # fmt: skip
def test_the_newest_row_of_each_key_is_kept_in_order_of_keys(rows, kept):
    schema = {"row_key": pl.String, "batch_id": pl.Int64}
    given = pl.DataFrame(rows, schema=schema, orient="row").with_columns(op=pl.lit("put"))
    assert _newest(given).select("row_key", "batch_id").rows() == kept
