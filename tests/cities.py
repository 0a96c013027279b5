"""Small cities for the lake's tests: a data folder each, published without the views, which a push does not read."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ledgers import ledger
from random_ledgers import random_rows
from rule_book import seed_rules
from storekit import batch, load

from fundtrack.model.rows import TABLES
from fundtrack.store import definitions
from fundtrack.store.batches import draft_schema
from fundtrack.store.editions import Store

CODES = [f"33{number:02d}00" for number in range(1, 12)]
"""Codes that cities may bear: 330100 is 杭州."""


def puts(rows: dict[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    """Rows as a batch puts them."""
    out = {}
    for table, frame in ledger(rows).items():
        if frame.height:
            placed = frame.unique("row_key", keep="first", maintain_order=True).with_columns(
                op=pl.lit("put"),
                sheet=pl.lit(TABLES[table].info.zh),
                row_number=pl.int_range(3, pl.len() + 3),
            )
            out[table] = placed.select(list(draft_schema(table)))
    return out


def grow(folder: Path, *editions: dict[str, list[dict[str, Any]]]) -> Store:
    """A data folder with an edition for each of these sets of rows."""
    store = Store(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "of_files", lambda: ())
        for rows in editions:
            load(store, batch(puts(rows), repr(rows).encode()))
    return store


def random_city(folder: Path, seed: int, count: int = 1) -> Store:
    """A data folder of random editions under the rules that come with the program, the same for the same seed."""
    rules = {"rule": [dict(row) for row in seed_rules()]}
    return grow(folder, *(random_rows(1000 * seed + number)[0] | rules for number in range(count)))


def funded(
    name: str, size: str, *, uscc: str | None = None, house: str | None = None, signed: str = "2017-03-01",
    target: str = "4", pid: str = "P1", as_of: str = "2017-09-30",
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """A city with one counted partner fund of a size in yuan and a plan for 2017."""
    year = {"starts_on": "2017-01-01", "due_on": "2017-12-31", "source": "计划"}
    return {
        "cover": [{"sender": "示例", "as_of": as_of, "unit": "元"}],
        "manager": [{"manager_id": "M1", "name": f"示例管理人{name}", "group_name": house}],
        "guidance_fund": [{"guidance_fund_id": "G1", "name": f"示例引导基金{name}", "kind": "venture", "currency": "CNY"}],
        "partner_fund": [
            {"partner_fund_id": pid, "name": f"示例基金{name}", "manager_id": "M1", "currency": "CNY", "uscc": uscc,
             "committed_size": size, "established_on": signed}
        ],
        "participation": [
            {"participation_id": "A1", "guidance_fund_id": "G1", "partner_fund_id": pid, "signed_on": signed,
             "commitment": "10", "currency": "CNY"}
        ],
        "target": [
            {"code": "partner_funds", "name": "合作基金", "unit": "只", "value": target, **year},
            {"code": "fund_scale", "name": "规模", "unit": "元", "currency": "CNY", "value": "1000", **year},
            {"code": "new_managers", "name": "新引进", "unit": "家", "value": "2", **year},
        ],
    }  # fmt: skip
