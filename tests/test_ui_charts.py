"""Charts: nothing and one point are told, the numbers stand below and go away as text, names at line ends never overlap."""

import itertools
from datetime import date

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from fundtrack.ui.chart_data import Data, known, of_figure
from fundtrack.ui.charts import FONT, OKABE_ITO, TEMPLATE
from fundtrack.ui.curve import curve
from fundtrack.ui.end_labels import spread
from fundtrack.ui.forecast_charts import Fan, fan_chart
from fundtrack.ui.ranked import ranked

WORDS = ("至今", "预测", "80%区间", "9月30日测算")


def drawn(values):
    """A page with one chart of these bars."""

    def page(values):
        import plotly.graph_objects as go
        import streamlit as st

        from fundtrack.ui import charts

        st.query_params["lang"] = "zh"
        figure = go.Figure([go.Bar(x=[f"={n}+1" for n in range(len(values))], y=values, name="金额")])
        charts.draw(figure, key="one", alt="一句话的结论。")

    at = AppTest.from_function(page, args=(values,)).run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize(
    ("values", "charts", "says"),
    [
        pytest.param([], 0, "没有可画的数据。", id="nothing"),
        pytest.param([None, None], 0, "没有可画的数据。", id="all unknown"),
        pytest.param([3.0], 1, "只有一个时点，尚不成曲线。", id="one point"),
        pytest.param([3.0, None, 1234.5], 1, "一句话的结论。", id="a gap"),
    ],
)
def test_nothing_and_one_point_are_told(values, charts, says):
    at = drawn(values)
    assert len(at.get("plotly_chart")) == charts
    assert says in "".join(str(part.value) for part in at.html)
    assert len(at.expander) == charts


def test_the_table_below_has_every_number_and_the_file_has_no_formula():
    at = drawn([3.0, None, 1234.5])
    page = "".join(str(part.value) for part in at.expander[0].get("html") or at.html)
    assert '<td class="num">1,234.5</td>' in page
    assert '<td class="num"></td>' in page
    assert [button.label for button in at.get("download_button")] == ["下载数据（CSV）"]


def test_what_is_taken_away_is_text():
    from fundtrack.reports.sheets import Page, comma_separated
    from fundtrack.ui.chart_data import _kept

    data = Data(("项目", "金额"), [["=cmd()", 0.1], ["@x", None]])
    file = comma_separated([Page("t", data.heads, [_kept(row) for row in data.rows])]).decode("utf-8-sig")
    assert file.splitlines()[1:] == ["项目,金额", "'=cmd(),0.1", "'@x,"]


@pytest.mark.parametrize(
    ("figure", "heads", "rows"),
    [
        pytest.param(ranked(["甲", "乙"], [2.0, 1.0], ["2", "1"]), ("项目", "数值1"), [["甲", 2.0], ["乙", 1.0]], id="lying bars"),
        pytest.param(curve([date(2017, 6, 30)], [("净", [5.0]), ("值", [None])], "万元"), ("项目", "净", "值"), [[date(2017, 6, 30), 5.0, None]], id="lines"),
    ],
)  # fmt: skip
def test_a_figure_tells_its_own_numbers(figure, heads, rows, monkeypatch):
    monkeypatch.setattr("fundtrack.ui.language.given", lambda name: "zh")
    made = of_figure(figure)
    assert made.heads == heads
    assert [list(row) for row in made.rows] == rows
    assert known(made) == len(rows)


@settings(deadline=None)  # a busy machine takes its time
@given(st.lists(st.tuples(st.floats(-50, 350), st.sampled_from([15, 30, 45])), min_size=1, max_size=5))
def test_labels_never_overlap_nor_leave_the_plot(labels):
    wanted, sizes = zip(*labels, strict=True)
    places = spread(wanted, sizes, 250)
    edges = sorted((place - size / 2, place + size / 2) for place, size in zip(places, sizes, strict=True))
    assert edges[0][0] >= -1e-9 and edges[-1][1] <= 250 + 1e-9
    assert all(one[1] <= other[0] + 1e-9 for one, other in itertools.pairwise(edges))


def test_words_beside_a_fan_lie_outside_the_plot_and_the_lines_inside():
    past = [(date(2017, month, 1), value) for month, value in ((1, 71.2), (7, 80.0), (9, 82.2))]
    figure = fan_chart(
        Fan(past, [(date(2017, 12, 31), 83.9, 84.6, 85.0)], "亿元", WORDS), goal=(90.0, "目标 90亿元")
    )
    low, high = figure.layout.yaxis.range
    assert low < 71.2 and high > 90
    beside = [note for note in figure.layout.annotations if note.x == 1]
    assert [note.text for note in beside] == ["预测 84.6亿元<br>80%区间<br>83.9–85"]
    assert figure.layout.margin.r >= 80
    assert 0 <= beside[0].y <= 1


def test_a_fan_without_a_past_is_empty_and_without_a_future_is_a_line():
    assert not fan_chart(Fan([], [], "", WORDS)).data
    only = fan_chart(Fan([(date(2017, 9, 30), 3.0)], [], "", WORDS))
    assert known(of_figure(only)) == 1


def test_one_template():
    assert TEMPLATE.layout.colorway == OKABE_ITO
    assert "Noto Sans CJK SC" in FONT and "Microsoft YaHei" in FONT
    for made in (
        ranked(["甲"], [1.0], ["1"]),
        curve([date(2017, 6, 30)], [("净", [5.0])], "万元"),
        go.Figure(layout={"template": TEMPLATE}),
    ):
        assert made.layout.template.layout.font.family == FONT
