"""A million rows: loaded, with a progress bar that moves all the way, and what that takes."""

import json
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from measured import MB, run_measured
from wild_files import HEADS, MAIN, TOP, XML, package, sheet_xml

from fundtrack.load import reading
from fundtrack.load.room import Room
from fundtrack.model.frames import find_column

pytestmark = pytest.mark.full

ROWS, FUNDS, SERIAL = 1_000_000, 90, (date(2008, 1, 1) - date(1899, 12, 30)).days
FIELDS = ["participation_id", "kind", "line_no", "occurred_on", "amount", "currency"]
LONGEST_STEP, FEWEST_STEPS = 0.25, 20
"""Of the whole; how many times it must have moved."""


def inline(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def flows(rows: int):
    """The sheet of flows, a piece at a time."""
    yield f'{XML}<worksheet xmlns="{MAIN}"><sheetData><row r="1">'
    yield "".join(
        inline(f"{'ABCDEF'[n]}1", find_column("cash_flow", name).zh) for n, name in enumerate(FIELDS)
    )
    yield "</row>"
    for first in range(2, rows + 2, 10_000):
        yield "".join(
            f'<row r="{n}"><c r="A{n}" t="s"><v>{n % FUNDS}</v></c><c r="B{n}" t="s"><v>{FUNDS}</v></c><c r="C{n}"><v>{n}</v></c>'
            f'<c r="D{n}" s="1"><v>{SERIAL + n % 3000}</v></c><c r="E{n}"><v>{n % 9973 + 1}.25</v></c><c r="F{n}" t="s"><v>{FUNDS + 1}</v></c></row>'
            for n in range(first, min(first + 10_000, rows + 2))
        )
    yield "</sheetData></worksheet>"


def small(cells: list[list[str]]) -> str:
    rows = "".join(
        f'<row r="{r}">'
        + "".join(inline(f"{'ABCDEFG'[c]}{r}", text) for c, text in enumerate(line))
        + "</row>"
        for r, line in enumerate(cells, start=1)
    )
    return sheet_xml(rows)


def entities() -> dict[str, list[list[str]]]:
    """Funds and participations that the flows refer to."""
    title = lambda table, names: [find_column(table, name).zh for name in names]  # noqa: E731
    return {
        "封面": [["报送单位", "示例受托机构"], ["截至日期", "2017-09-30"], ["金额单位", "元"]],
        "引导基金": [HEADS, ["GF-01", "示例引导基金", "创投", "CNY", "1000000000", "2008-01-01"]],
        "合作创投机构": [title("manager", ["manager_id", "name"]), ["VC-01", "示例创投"]],
        "合作基金": [title("partner_fund", ["partner_fund_id", "name", "manager_id", "currency", "committed_size", "established_on"]),
                 *([f"PF-{n}", f"示例基金{n}号", "VC-01", "CNY", "100000000", "2008-01-01"] for n in range(FUNDS))],
        "参股": [title("participation", ["participation_id", "guidance_fund_id", "partner_fund_id", "signed_on", "commitment", "currency"]),
               *([f"PA-{n}", "GF-01", f"PF-{n}", "2008-01-01", "20000000", "CNY"] for n in range(FUNDS))],
    }  # fmt: skip


@pytest.fixture(scope="module")
def million(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("million") / "flows.xlsx"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = [*entities(), "资金往来"]
    strings = "".join(
        f"<si><t>{text}</t></si>" for text in [*(f"PA-{n}" for n in range(FUNDS)), "缴款", "CNY"]
    )
    package(
        path,
        small(entities()["封面"]),
        strings=f'{XML}<sst xmlns="{MAIN}">{strings}</sst>',
        sheets="".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n if n == 1 else 20 + n}"/>' for n, name in enumerate(names, start=1)),
        rels="".join(f'<Relationship Id="rId{20 + n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(2, len(names) + 1)),
    )  # fmt: skip
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for n, cells in enumerate(list(entities().values())[1:], start=2):
            file.writestr(f"xl/worksheets/sheet{n}.xml", small(cells))
        with file.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as sheet:
            for piece in flows(ROWS):
                sheet.write(piece.encode())
    return path


def test_a_million_rows_are_read_with_a_bar_that_moves_all_the_way(million):
    seen = []
    with Room() as room:
        file = reading.read_file(million, progress=seen.append, read=room.read)
    assert TOP  # the same sender as in the small files
    assert [(raw.table, len(raw.row_numbers)) for raw in file.found.tables][-1] == ("cash_flow", ROWS)
    assert [problem.code for problem in (*file.cover.problems, *file.found.problems)] == []
    steps = [after - before for before, after in pairwise(seen)]
    assert (min(steps) >= 0, seen[-1]) == (True, 1.0)
    assert len({*seen}) >= FEWEST_STEPS
    assert max(steps) <= LONGEST_STEP


def test_a_million_rows_load(million, tmp_path):
    done = run_measured("load", million, "--json", "--data", tmp_path / "data", folder=tmp_path, every=0.2)
    assert done.code == 0, done.out + done.errors
    said = json.loads(done.out)
    assert said["rows"]["cash_flow"] == {"new": ROWS, "changed": 0, "unchanged": 0}
    print(
        f"a million rows: {million.stat().st_size / MB:.0f} MB, {done.worked:.0f} s of the processor, peak {done.peak / MB:.0f} MB"
    )
