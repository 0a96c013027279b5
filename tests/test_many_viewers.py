"""Many viewers while editions are published: no error, no page of two editions, and nobody waits for what everybody would wait for."""

import asyncio
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from running import ROOT, json_of
from small_portfolio import write_portfolio
from ui_pages import publish
from viewers import Seen, Viewer, resident, share, watch

from fundtrack.load.template import write_workbook

PAGES = ("", "targets", "funds", "findings", "returns", "companies", "changes")
YI = Decimal(100_000_000)


@dataclass(frozen=True)
class Tried:
    """What a run is: how many viewers, for how long, each clicking how often, while so many loads publish."""

    viewers: int
    seconds: float
    every: float
    loads: int
    demo: bool = False


@contextmanager
def dashboard(data: Path) -> Iterator[tuple[int, int]]:
    """The dashboard as `fundtrack serve` runs it; gives its port, and the process that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "fundtrack", "serve", "--port", str(port), "--data", str(data)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.25)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield port, int(children[0])
    finally:
        process.terminate()
        process.wait(20)


def sized(path: Path, number: int, *, demo: bool) -> Path:
    """A workbook in which one fund's name is of an edition, and its size as many million yuan above a hundred."""
    manager, guidance = ("VC-001", "GF-01") if demo else ("VC000001", "GF000001")
    fund = {"partner_fund_id": "PF-NEW", "name": f"示例新来创投基金第{number}版", "manager_id": manager, "currency": "CNY",
            "committed_size": YI + number * 1_000_000, "established_on": date(2017, 9, 20)}  # fmt: skip
    stake = {"participation_id": "PA-NEW", "guidance_fund_id": guidance, "partner_fund_id": "PF-NEW",
             "signed_on": date(2017, 9, 10), "commitment": Decimal(20_000_000), "currency": "CNY"}  # fmt: skip
    cover = {"sender": "示例新报送单位", "as_of": date(2017, 9, 30), "unit": "元"}
    write_workbook(path, cover, {"partner_fund": [fund], "participation": [stake]}, only_given_columns=True)
    return path


def mixed(seen: Seen, first: int, before: Decimal) -> str:
    """What on a page is of another edition than its links name; empty where all is of one.

    Args:
        seen: the page.
        first: the edition before the first load.
        before: the committed size as of then, in yuan.
    """
    if len(seen.editions) != 1:
        return f"{seen.page}: links of {seen.editions}"
    [edition] = seen.editions
    named = {int(number) for number in re.findall(r"示例新来创投基金第(\d+)版", seen.text)}
    # Changes shows two editions, one after the other, that a reader chooses and comes back to.
    newest = max(named) if seen.page == "changes" and named else edition
    if newest > edition or named - {newest, newest - (seen.page == "changes")}:
        return f"{seen.page}: edition {edition}, a fund of {named}"
    if seen.page in {"", "targets"} and edition > first:
        # Cards round; the tables under the charts say it to the yuan, or in 万元.
        right = before + YI + edition * 1_000_000
        if not {f"{right:,.0f}", f"{right / 10_000:,.0f}"} & set(seen.text.split()):
            return f"{seen.page}: edition {edition} without {right}: {seen.text[-3000:]}"
    return ""


async def alone(port: int, clicks: int) -> list[float]:
    """How long clicks take for one viewer: each page once for the cache, then as often as asked."""
    async with Viewer(port) as viewer:
        for page in PAGES:
            assert (await viewer.click(page)).errors == []
        return [(await viewer.click(PAGES[turn % len(PAGES)])).seconds for turn in range(clicks)]


@pytest.mark.parametrize(
    "tried",
    [
        pytest.param(Tried(5, 8, 2, 2), id="5 viewers"),
        pytest.param(Tried(50, 300, 10, 30, demo=True), marks=pytest.mark.full, id="50 viewers"),
    ],
)
def test_viewers_while_editions_are_published(tried, tmp_path, request, capsys):
    if tried.demo:
        data = request.getfixturevalue("demo_copy")
    else:
        data = tmp_path / "data"
        publish(data, write_portfolio(tmp_path / "first.xlsx"))
    stood = json_of("progress", "--data", data)
    [scale] = [row for row in stood["targets"] if row["code"] == "fund_scale"]
    first, before = stood["edition"], Decimal(scale["actual"])
    published, memory, stop = [], [], threading.Event()
    with dashboard(data) as (port, server):
        usual = median(asyncio.run(alone(port, 2 * len(PAGES) if tried.demo else 1)))

        def loads() -> None:
            begun = time.monotonic()
            for turn in range(tried.loads):
                wait = begun + (turn + 0.5) * tried.seconds / tried.loads - time.monotonic()
                if stop.wait(max(0.0, wait)):
                    return
                file = sized(tmp_path / f"{turn}.xlsx", first + turn + 1, demo=tried.demo)
                published.append(json_of("load", file, "--data", data)["edition"])
                memory.append(resident(server))

        seen = asyncio.run(watch(port, tried.viewers, tried.seconds, tried.every, PAGES, 8, loads))
        memory.append(resident(server))
        last = asyncio.run(at_last(port, first + tried.loads))
    later = [one.seconds for one in seen[tried.viewers :]]
    slow = share(later, 0.95)
    shown = sorted({number for one in seen for number in one.editions})
    wrong = [f"{one.page}: {what}" for one in seen for what in one.errors]
    with capsys.disabled():
        print(f"\n{len(seen)} clicks of {tried.viewers} viewers, {len(published)} loads, editions seen {len(shown)}: "
              f"alone {usual:.2f} s; median {median(later):.2f}, p95 {slow:.2f}, longest {max(later):.2f} s; MB {memory}; wrong {wrong}")  # fmt: skip
    assert published == [first + turn + 1 for turn in range(tried.loads)]
    assert wrong == []
    assert [what for one in seen if (what := mixed(one, first, before))] == []
    assert last.editions == {published[-1]}, "in the end everybody sees the newest"
    if tried.demo:
        assert len(shown) > tried.loads / 4, "viewers saw editions come"
        assert slow <= 10 * usual
        third = len(memory) // 3
        assert median(memory[-third:]) <= 1.25 * median(memory[third : 2 * third])


async def at_last(port: int, newest: int) -> Seen:
    """The first page, asked for until the newest edition's reports stand."""
    async with Viewer(port) as viewer:
        for _ in range(60):
            seen = await viewer.click()
            if seen.errors or seen.editions == {newest}:
                break
            await asyncio.sleep(1)
        return seen
