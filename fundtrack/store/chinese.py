"""Chinese twins: every view and table of results again in schema `zh`, its name and columns taken from their comments."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fundtrack.store.definition import Definition

SCHEMA: Final = "zh"
_HEAD: Final = re.compile(r"[：；，（(=]| [=/] ")
_PLAIN: Final = re.compile(r"[^\w]")


def short(words: str) -> str:
    """A name out of a comment: its Chinese words up to the first mark, without anything that would need quotes.

    >>> short("收回本金；有一笔未分列的为空 / Principal back"), short("凭证号/文号 / Voucher"), short("DPI + RVPI")
    ('收回本金', '凭证号或文号', 'DPIRVPI')
    """
    first = _HEAD.split(words.split(" / ", maxsplit=1)[0].replace("/", "或"))[0]
    return _PLAIN.sub("", first)


def twins(found: Iterable[Definition]) -> Iterator[Definition]:
    """The twin of each; two columns that would share a name keep their own in brackets' place.

    >>> [one] = twins([Definition("a", "view", "", "甲：现行内容 / A", {"b": "乙 / B", "c": "乙 / C"})])
    >>> one.name, one.columns
    ('zh."甲"', {'乙': '乙 / B', '乙_c': '乙 / C'})
    >>> one.sql
    'CREATE OR REPLACE VIEW zh."甲" AS SELECT "b" AS "乙", "c" AS "乙_c" FROM a'
    """
    for one in found:
        names: dict[str, str] = {}
        for column, words in one.columns.items():
            name = short(words)
            names[column] = f"{name}_{column}" if name in names.values() else name
        listed = ", ".join(f'"{column}" AS "{name}"' for column, name in names.items())
        twin = f'{SCHEMA}."{short(one.title)}"'
        sql = f"CREATE OR REPLACE VIEW {twin} AS SELECT {listed} FROM {one.name}"  # noqa: S608 - names of our own
        comments = {name: one.columns[column] for column, name in names.items()}
        yield Definition(twin, "view", sql, one.title, comments)
