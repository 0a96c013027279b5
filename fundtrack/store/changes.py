"""The macro of every value that changed after it was first loaded: generated, since it asks each log of the dictionary."""

from importlib.resources import files
from typing import Final

from fundtrack.model import frames
from fundtrack.model.rows import TABLES

WORDS: Final[dict[str, str]] = {
    "batch_id": "入库批次 / Batch",
    "table_name": "表名 / Table",
    "row_key": "行键 / Row key",
    "op": "写入方式：put 写入，delete 删除 / put or delete",
    "sheet": "工作表 / Sheet",
    "row_number": "行号 / Row of the sheet",
    "earlier_batch": "上一次写入该行的批次，空为新增行 / Batch that wrote the row before, empty for a new row",
    "event_on": "业务日期：该行所载日期 / Day of the event that the row tells of",
    "field": "字段 / Field",
    "old_value": "原值，空为此前无值 / Old value, empty where there was none",
    "new_value": "新值，空为清空或删除 / New value, empty where cleared or deleted",
}
"""The macro's columns and their comments, in order."""
_DERIVED: Final = frozenset({"row_key", "name_key", "keyed_on"})


def field_change() -> str:
    """The statement that creates `field_change_at(batch)`: a row per field, also of those that did not change.

    A row that was deleted, or had been, has no value in any field. Rows that appear while their table is first filled
    are left out: they change nothing.
    """
    one = (files("fundtrack.store") / "templates" / "field_change.sql").read_text("utf-8").strip()
    parts = [one.format(table=table, **_fields(table)) for table in TABLES]
    return "CREATE OR REPLACE MACRO field_change_at(batch) AS TABLE\n" + "\nUNION ALL\n".join(parts)


def _fields(table: str) -> dict[str, str]:
    names = [name for name in frames.schema(table) if name not in _DERIVED]
    days = frames.EVENT_DAYS.get(table, ())
    event = ", ".join(f'{side}."{day}"' for side in ("l", "e") for day in days)
    return {
        "names": ", ".join(f"'{name}'" for name in names),
        "old": ", ".join(f'CAST(e."{name}" AS VARCHAR)' for name in names),
        "new": ", ".join(f'CAST(l."{name}" AS VARCHAR)' for name in names),
        "event": f"coalesce({event})" if event else "CAST(NULL AS DATE)",
    }
