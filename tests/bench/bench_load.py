"""`fundtrack load` of 100,000 cash flows against fastexcel's bare reading of the same file, start-up included in both.

Run: python tests/bench/bench_load.py [ROWS] [late]. Prints medians of wall clock and of processor time (of all processes) and their
ratios; judges nothing. The portfolio is plausible: ninety funds with investors and an investment each, calls paid on the day they were
due (one in fifty some days late), distributions split into principal and income. With `late` every call is two days late and a third of
the participations only ever distribute, as in the first version of this file: 66,666 findings with 200,000 rows of evidence, the
worst that a ledger could be. Modules are compiled beforehand, as an installation has them: without their byte code, as where
PYTHONDONTWRITEBYTECODE is set over a working copy, both processes of a load compile the program anew.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from fundtrack.load.template import write_workbook

RUNS = 5
FUNDS = 90
DAYS = 3000
START = date(2008, 1, 1)
Rows = list[dict[str, object]]


def tables(rows: int, *, late: bool) -> dict[str, Rows]:
    """A portfolio of ninety participations and as many flows as asked for, twelve columns wide."""
    found: dict[str, Rows] = {
        "guidance_fund": [{"guidance_fund_id": "GF-01", "name": "示例引导基金", "kind": "venture", "currency": "CNY"}],
        "manager": [{"manager_id": "VC-01", "name": "示例创投"}],
        "partner_fund": [
            {"partner_fund_id": f"PF-{n:03}", "name": f"示例基金{n}号", "manager_id": "VC-01", "currency": "CNY", "committed_size": Decimal(10**8),
             "established_on": START} for n in range(FUNDS)
        ],
        "participation": [
            {"participation_id": f"PA-{n:03}", "guidance_fund_id": "GF-01", "partner_fund_id": f"PF-{n:03}", "signed_on": START,
             "commitment": Decimal(2 * 10**7), "currency": "CNY"} for n in range(FUNDS)
        ],
        "cash_flow": [_late_flow(n) if late else _flow(n, rows) for n in range(rows)],
    }  # fmt: skip
    return found if late else found | _beside(found["cash_flow"])


def _beside(flows: Rows) -> dict[str, Rows]:
    """Each fund's investors, what they paid in as one line each, and a company that it invested in."""
    investors = (("示例引导基金", "guidance", 2), ("示例民营投资者", "private", 8))
    paid = dict.fromkeys(range(FUNDS), Decimal(0))
    for n, flow in enumerate(flows):
        if flow["kind"] == "call":
            paid[n % FUNDS] += flow["amount"]  # type: ignore[operator]
    return {
        "fund_paid_in": [
            {"partner_fund_id": f"PF-{n:03}", "investor": name, "guidance_fund_id": "GF-01" if kind == "guidance" else None, "call_no": "1",
             "paid_on": START + timedelta(days=DAYS), "amount": paid[n] * part / 2} for n in range(FUNDS) for name, kind, part in investors
        ],
        "investor_commitment": [
            {"partner_fund_id": f"PF-{n:03}", "investor": name, "kind": kind, "effective_on": START, "reason": "initial",
             "guidance_fund_id": "GF-01" if kind == "guidance" else None, "amount": Decimal(part * 10**7)}
            for n in range(FUNDS) for name, kind, part in investors
        ],
        "company": [{"company_id": f"C-{n:03}", "name": f"示例企业{n}"} for n in range(FUNDS)],
        "investment": [
            {"investment_id": f"I-{n:03}", "partner_fund_id": f"PF-{n:03}", "company_id": f"C-{n:03}", "invested_on": START + timedelta(days=90),
             "stage": "startup", "amount": Decimal(10**6), "currency": "CNY"} for n in range(FUNDS)
        ],
    }  # fmt: skip


def _flow(n: int, rows: int) -> dict[str, object]:
    """Calls in the first two thirds of the time, then distributions; every cell that belongs to its kind is filled."""
    day, amount = START + timedelta(days=n * DAYS // rows), Decimal(n % 9973) + Decimal("100.25")
    own = {"participation_id": f"PA-{n % FUNDS:03}", "line_no": str(n), "amount": amount, "currency": "CNY", "voucher_no": f"V{n:07}", "note": "示例"}  # fmt: skip
    if 3 * n < 2 * rows:
        paid = day + timedelta(days=n % 7 + 1 if n % 50 == 0 else 0)
        return own | {"kind": "call", "due_on": day, "due_amount": amount, "occurred_on": paid, "principal": None, "income": None}  # fmt: skip
    return own | {"kind": "distribution", "due_on": None, "due_amount": None, "occurred_on": day, "principal": amount - 100, "income": Decimal(100)}  # fmt: skip


def _late_flow(n: int) -> dict[str, object]:
    """A flow two days late, with every cell filled."""
    amount, due = Decimal(n % 9973) + Decimal("100.25"), START + timedelta(days=n % DAYS)
    return {"participation_id": f"PA-{n % FUNDS:03}", "kind": "call" if n % 3 else "distribution", "line_no": str(n), "due_on": due,
            "due_amount": amount, "occurred_on": due + timedelta(days=2), "amount": amount, "principal": Decimal(n % 9973),
            "income": Decimal("100.25"), "currency": "CNY", "voucher_no": f"V{n:07}", "note": "示例"}  # fmt: skip


def timed(command: list[str], compiled: str) -> tuple[float, float]:
    """Seconds by the clock and of processors that a command takes, with all its children; byte code is kept in a folder."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began, used = time.perf_counter(), _used()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=given | {"PYTHONPYCACHEPREFIX": compiled})  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return seconds, _used() - used


def _used() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def main(rows: int, *, late: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "flows.xlsx"
        cover = {"sender": "示例受托管理机构", "as_of": date(2017, 9, 30), "unit": "元"}
        write_workbook(book, cover, tables(rows, late=late), only_given_columns=True)
        read = f"import fastexcel; fastexcel.read_excel({str(book)!r}).load_sheet('资金往来').to_polars()"
        bare = [sys.executable, "-c", read]
        load = [sys.executable, "-m", "fundtrack", "load", str(book), "--json", "--data"]
        kept = f"{folder}/compiled"
        timed(bare, kept)
        timed([*load, f"{folder}/data"], kept)
        pairs = [(timed(bare, kept), timed([*load, f"{folder}/data{run}"], kept)) for run in range(RUNS)]
        print(f"rows {rows}{', every call late' if late else ''}")
        for what, at in (("clock", 0), ("processors", 1)):
            floor, ours = (statistics.median(pair[side][at] for pair in pairs) for side in (0, 1))
            ratios = sorted(pair[1][at] / pair[0][at] for pair in pairs)
            print(f"  {what}: fastexcel alone {floor:.2f} s; fundtrack load {ours:.2f} s; "
                  f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})")  # fmt: skip


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "late"]
    main(int(given[0]) if given else 100_000, late="late" in sys.argv[1:])
