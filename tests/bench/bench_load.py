"""`fundtrack load` of 100,000 cash flows against fastexcel's bare reading of the same file, start-up included in both.

Run: python tests/bench/bench_load.py [ROWS]. Prints medians and their ratio; judges nothing.
"""

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


def tables(rows: int) -> dict[str, list[dict[str, object]]]:
    """A portfolio of ninety participations and as many flows as asked for, twelve columns wide."""
    start = date(2008, 1, 1)
    return {
        "guidance_fund": [{"guidance_fund_id": "GF-01", "name": "示例引导基金", "kind": "venture", "currency": "CNY"}],
        "manager": [{"manager_id": "VC-01", "name": "示例创投"}],
        "partner_fund": [
            {"partner_fund_id": f"PF-{n:03}", "name": f"示例基金{n}号", "manager_id": "VC-01", "currency": "CNY", "committed_size": Decimal(10**8),
             "established_on": start} for n in range(FUNDS)
        ],
        "participation": [
            {"participation_id": f"PA-{n:03}", "guidance_fund_id": "GF-01", "partner_fund_id": f"PF-{n:03}", "signed_on": start,
             "commitment": Decimal(2 * 10**7), "currency": "CNY"} for n in range(FUNDS)
        ],
        "cash_flow": [
            {"participation_id": f"PA-{n % FUNDS:03}", "kind": "call" if n % 3 else "distribution", "line_no": str(n),
             "due_on": start + timedelta(days=n % 3000), "due_amount": Decimal(n % 9973) + Decimal("100.25"),
             "occurred_on": start + timedelta(days=n % 3000 + 2), "amount": Decimal(n % 9973) + Decimal("100.25"),
             "principal": Decimal(n % 9973), "income": Decimal("100.25"), "currency": "CNY", "voucher_no": f"V{n:07}", "note": "示例"}
            for n in range(rows)
        ],
    }  # fmt: skip


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return seconds


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "flows.xlsx"
        cover = {"sender": "示例受托管理机构", "as_of": date(2017, 9, 30), "unit": "元"}
        write_workbook(book, cover, tables(rows), only_given_columns=True)
        bare = [
            sys.executable,
            "-c",
            f"import fastexcel; fastexcel.read_excel({str(book)!r}).load_sheet('资金往来').to_polars()",
        ]
        floors, loads = [], []
        for run in range(RUNS):
            floors.append(timed(bare))
            loads.append(
                timed(
                    [
                        sys.executable,
                        "-m",
                        "fundtrack",
                        "load",
                        str(book),
                        "--data",
                        f"{folder}/data{run}",
                        "--json",
                    ]
                )
            )
        floor, load = statistics.median(floors), statistics.median(loads)
        pairs = sorted(b / a for a, b in zip(floors, loads, strict=True))
        print(
            f"rows {rows}; fastexcel alone {floor:.2f} s; fundtrack load {load:.2f} s; ratio {statistics.median(pairs):.2f} ({pairs[0]:.2f}–{pairs[-1]:.2f})"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
