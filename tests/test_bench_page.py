"""The page of benchmarks: ratios and exponents worked out by hand, what was not run says so, and the plots are whole."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

from bench_scale import PLOTS, drawn, written
from plot import decades, spread, svg

ROWS = {
    1: {"funds": 95, "flows": 5220, "deals": 2000, "returns": {"seconds": 0.02, "used": 0.03, "peak": 100.0}, "pyxirr": {"seconds": 0.01, "used": 0.01, "peak": 90.0},
        "libreoffice": {"seconds": 4.0, "used": 3.0, "peak": 300.0}},
    10: {"funds": 950, "flows": 52200, "deals": 20000, "returns": {"seconds": 0.2, "used": 0.4, "peak": 200.0}, "pyxirr": {"seconds": 0.08, "used": 0.1, "peak": 100.0}},
}  # fmt: skip


def line(page, start):
    [found] = [row for row in page.splitlines() if row.startswith(start)]
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_ratios_and_growth_by_hand():
    page = written(ROWS, (0.5, 0.4), "make it")
    # 0.02 / 0.01 and 0.2 / 0.08; against 4 s of a spreadsheet 0.005; ten times the size took ten times as long;
    # by the processors 0.03 / 0.01, 0.4 / 0.1 and 0.03 / 3, and log10(0.4 / 0.03) = log10(40 / 3) = 1.125
    assert line(page, "| Multiples and IRR | pyxirr")[2:] == ["2", "2.0 (3.0)", "2.5 (4.0)"]
    assert line(page, "| Multiples and IRR | LibreOffice")[2:] == ["", "0.005 (0.01)", "not run"]
    assert line(page, "| Multiples and IRR | 1") == ["Multiples and IRR", "1.00 (1.12)"]
    assert line(page, "| Progress | bare")[3:] == ["not run", "not run"]
    assert "Made by `make it`" in page and "busy" not in page
    assert all(f"]({name})" in page for name in PLOTS)


def test_a_busy_machine_is_said():
    assert "busy with other work" in written(ROWS, (0.5, 6.0), "make it")


def test_plots_are_well_formed_and_name_every_line_once(tmp_path):
    drawn(ROWS, tmp_path)
    for name in PLOTS:
        root = ET.parse(tmp_path / name).getroot()  # noqa: S314 - our own
        texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
        assert texts.count("Multiples and IRR") == texts.count("pyxirr loop (IRR alone)") == 1
    lines = [each.get("stroke-dasharray") for each in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert lines[0] is None and set(lines[1:]) == {"5 4"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([0.02, 3.0], [-2, -1, 0, 1], id="both within"),
        pytest.param([1, 100], [0, 1, 2], id="on the edges"),
        pytest.param([1], [0, 1], id="one value needs a span"),
    ],
)
def test_decades_hold_all_values(values, expected):
    assert list(decades(values)) == expected


def test_labels_do_not_cover_each_other():
    assert spread({"a": 10.0, "b": 12.0, "c": 13.0}) == {"a": 10.0, "b": 25.0, "c": 40.0}


def test_a_line_is_drawn_where_its_numbers_are():
    found = svg("t", {"one": [(1, 1.0), (10, 10.0)]}, [], "x", "y")
    # axes from 1 to 10 both: from the lower left corner (64, 430 - 46) to the upper right (760 - 250, 34)
    assert 'points="64.0,384.0 510.0,34.0"' in found
