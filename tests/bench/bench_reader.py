"""Reading a workbook into a Book beside the bare engine, which keeps neither kinds nor errors nor limits.

Run as `python tests/bench/bench_reader.py [ROWS]`: prints times and their ratio, three rounds side by side.
"""

import datetime as dt
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import fastexcel
import xlsxwriter

from fundtrack.load.reader import read_book

START = dt.date(2017, 1, 1)


def write(path: Path, rows: int) -> None:
    """Twelve columns: four of text, two of dates, six of money."""
    chance = random.Random(1)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("资金往来")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column in range(12):
            sheet.write_string(0, column, f"列{column}")
        for row in range(1, rows + 1):
            sheet.write_string(row, 0, f"F{row:07d}")
            for column in range(1, 4):
                sheet.write_string(row, column, f"文本{chance.randint(0, 5000)}")
            for column in range(4, 6):
                sheet.write_datetime(row, column, START + dt.timedelta(chance.randint(0, 3000)), day)
            for column in range(6, 12):
                sheet.write_number(row, column, round(chance.random() * 1e8, 2))


def timed(run) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Print what each round took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write(path, rows)
        for _ in range(3):
            bare = timed(lambda: fastexcel.read_excel(path).load_sheet(0).to_polars())
            ours = timed(lambda: read_book(path))
            print(f"{rows} rows: bare {bare:.2f} s, ours {ours:.2f} s, ratio {ours / bare:.2f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the reading child: {peak:.0f} MB")


if __name__ == "__main__":
    main()
