"""Views, macros and comments: rebuilt at every publish from `.sql` files and the data dictionary.

A file under `views/` holds one statement, `CREATE OR REPLACE VIEW | MACRO | TABLE`, below comment lines that say what it is:

    -- view progress: 目标进度 / Progress toward the targets
    -- progress.actual: 完成值 / Actual
    -- read by: whoever reads it (any further line is a remark)

A macro's name may be followed by its parameters: `-- macro progress_at(as_of, batch): …`. Batches are compared as texts; what that
means for a `batch` which is no batch is added to the comment of every macro that takes one.

A `scalar` is a macro that gives a value, not a table: what several views would otherwise repeat.

A `table` is one of results: it is created empty, and filled with what the publisher computes.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import duckdb

from fundtrack.errors import IntegrityError
from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store import chinese
from fundtrack.store.changes import WORDS, field_change
from fundtrack.store.definition import Definition
from fundtrack.store.stand_ins import stand_ins

_OBJECT: Final = re.compile(r"^-- (view|macro|scalar|table) ([^:(]+)((?:\([^)]*\))?): (.+)$", re.MULTILINE)
_COLUMN: Final = re.compile(r"^-- ([^:]+)\.([^:.]+): (.+)$", re.MULTILINE)
_COMMENT_LINE: Final = re.compile(r"--[^\n]*")
_WORD: Final = re.compile(r"\w+")
_ON: Final = {"view": "VIEW", "macro": "MACRO TABLE", "scalar": "MACRO", "table": "TABLE"}
_BATCH: Final = re.compile(r"\bbatch\b")
_BATCH_ZH: Final = "（batch 形如 B000001；更大的值即全部）"
_BATCH_EN: Final = " (batch: of the form B000001; a larger text means all that is known)"
PLACES: Final = ("batch_id", "sheet", "row_number")
"""What a current row ends in: where it came from."""


def parse(text: str) -> list[Definition]:
    r"""What the comment lines of a `.sql` file declare; each shares the file's text.

    >>> [one] = parse("-- view a: 甲 / A\n-- a.b: 乙 / B\nCREATE OR REPLACE VIEW a AS SELECT 1 AS b;")
    >>> one.name, one.kind, one.columns
    ('a', 'view', {'b': '乙 / B'})
    """
    columns: dict[str, dict[str, str]] = {}
    for owner, column, words in _COLUMN.findall(text):
        columns.setdefault(owner, {})[column] = words
    return [
        Definition(
            name,
            kind,
            text.strip().removesuffix(";"),
            _of_batch(words) if _BATCH.search(parameters) else words,
            columns.get(name, {}),
        )
        for kind, name, parameters, words in _OBJECT.findall(text)
    ]


def _of_batch(title: str) -> str:
    """A macro's title, with what it takes for a batch.

    >>> _of_batch("甲 / A")
    '甲（batch 形如 B000001；更大的值即全部） / A (batch: of the form B000001; a larger text means all that is known)'
    """
    zh, en = title.split(" / ", 1)
    return f"{zh}{_BATCH_ZH} / {en}{_BATCH_EN}"


def sql_files(folder: str) -> list[Traversable]:
    """The `.sql` files of a folder of the store and of its subfolders, in the order of their names."""
    found: list[Traversable] = []

    def collect(place: Traversable) -> None:
        for item in sorted(place.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                collect(item)
            elif item.name.endswith(".sql"):
                found.append(item)

    collect(files("fundtrack.store") / folder)
    return found


@cache
def of_model() -> tuple[Definition, ...]:
    """The current view of each table, and the macro of what was known after a batch."""
    templates = files("fundtrack.store") / "templates"
    current, known_at = (
        (templates / name).read_text("utf-8").strip() for name in ("current.sql", "known_at.sql")
    )
    found = []
    for table, model in TABLES.items():
        names = [*frames.schema(table), *PLACES]
        listed = ", ".join(f'"{name}"' for name in names)
        comments = {name: frames.comment(table, name) for name in names}
        title = f"{model.info.zh}：现行内容 / {model.info.en}: what holds now"
        found.append(Definition(table, "view", current.format(table=table, columns=listed), title, comments))
        title = f"{model.info.zh}：某批次入库之后的内容 / {model.info.en}: what was known after a batch"
        sql = known_at.format(table=table, columns=listed)
        found.append(Definition(f"{table}_at", "macro", sql, _of_batch(title), comments))
    title = "入库后的逐项变更 / Every value that changed after it was first loaded"
    found.append(Definition("field_change_at", "macro", field_change(), _of_batch(title), WORDS))
    return tuple(found)


@cache
def of_files() -> tuple[Definition, ...]:
    """What the files under `views/` define, what is needed before what needs it."""
    found = []
    for file in sql_files("views"):
        declared = parse(file.read_text("utf-8"))
        if len(declared) != 1:
            raise IntegrityError("view_unreadable", file=file.name)
        found += declared
    return tuple(ordered(found))


def ordered(found: Iterable[Definition]) -> list[Definition]:
    """Definitions in an order in which each can be created: those named in its text come first.

    Raises:
        IntegrityError: `view_circular`, where two need each other.
    """
    waiting = list(found)
    every = {one.name for one in waiting}
    needs = {
        one.name: every & {*_WORD.findall(_COMMENT_LINE.sub("", one.sql))} - {one.name} for one in waiting
    }
    done: list[Definition] = []
    while waiting:
        names = {one.name for one in waiting}
        ready = next((one for one in waiting if not needs[one.name] & names), None)
        if ready is None:
            raise IntegrityError("view_circular", view=waiting[0].name)
        waiting.remove(ready)
        done.append(ready)
    return done


def all_definitions() -> tuple[Definition, ...]:
    """Everything that a publish rebuilds, in order."""
    return of_model() + of_files() + chinese_twins()


def chinese_twins() -> tuple[Definition, ...]:
    """Tables, results and audit views under Chinese names with Chinese columns, in schema `zh`."""
    audit = [one for one in of_files() if one.kind == "table" or one.name.startswith("audit_")]
    return tuple(chinese.twins(one for one in (*of_model(), *audit) if one.kind != "macro"))


def rebuild(con: duckdb.DuckDBPyConnection, found: Iterable[Definition]) -> str:
    """Create every view, macro and table of results anew, drop those no longer defined, and give the digest of all texts.

    Raises:
        IntegrityError: `view_failed`, naming the view and what DuckDB says.
    """
    found = list(found)
    kinds = {one.name: one.kind for one in found}
    for name, kind in con.sql("SELECT name, kind FROM view_text").fetchall():
        if kinds.get(name) != kind:
            con.execute(f"DROP {_ON[kind]} IF EXISTS {name}")
    con.execute("DELETE FROM view_text")
    with stand_ins(con, _used_once(found)) as stand:
        for one in found:
            try:
                if "." in one.name:
                    con.execute(f"CREATE SCHEMA IF NOT EXISTS {one.name.split('.')[0]}")
                con.execute(one.sql)
                stand(one)
            except duckdb.Error as error:
                raise IntegrityError(
                    "view_failed", view=one.name, detail=str(error).split("\n")[0]
                ) from error
    texts = [(place, one.name, one.kind, one.sha256, one.sql) for place, one in enumerate(found)]
    marks = ", ".join("(?, ?, ?, ?, ?)" for _ in texts)
    con.execute(f"INSERT INTO view_text VALUES {marks}", [value for text in texts for value in text])  # noqa: S608
    return digest((one.name, one.kind, one.sha256) for one in found)


def _used_once(found: Iterable[Definition]) -> set[str]:
    """Names that a single other place asks for, which then shows whether they answer."""
    words = Counter(_WORD.findall(_COMMENT_LINE.sub("", "\n".join(one.sql for one in found))))
    return {word for word, times in words.items() if times == 2}  # its own statement, and that place


def digest(texts: Iterable[tuple[str, str, str]]) -> str:
    """One SHA-256 over the names, kinds and SHA-256 of all texts, which stands in the header of a batch's archive."""
    listed = json.dumps(sorted(texts), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(listed.encode()).hexdigest()


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def comment(con: duckdb.DuckDBPyConnection, found: Iterable[Definition]) -> None:
    """Put the comments on views, macros, tables and their columns, where they do not stand already."""
    standing = {
        (f"{schema}.{name}" if schema != "main" else name, column): text
        for schema, name, column, text in con.sql(
            "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    }
    statements = []
    for one in found:
        statements.append(f"COMMENT ON {_ON[one.kind]} {one.name} IS {_quoted(one.title)}")
        plain = one.name.replace('"', "")
        statements += [
            f'COMMENT ON COLUMN {one.name}."{column}" IS {_quoted(words)}'
            for column, words in one.columns.items()
            if one.kind != "macro" and standing.get((plain, column), words) != words
        ]
    con.execute(";".join(statements))


_COMMENTS: Final = """
SELECT 'table' AS kind, schema_name || '.' || table_name AS name, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary
UNION ALL
SELECT 'view', schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal AND NOT temporary
UNION ALL
SELECT 'macro', schema_name || '.' || function_name, comment FROM duckdb_functions() WHERE NOT internal
UNION ALL
SELECT 'column', schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal
"""


def comments_digest(con: duckdb.DuckDBPyConnection) -> str:
    """One SHA-256 over what the edition says of each table, view, macro and column: its data dictionary."""
    found = con.sql(f"SELECT * FROM ({_COMMENTS}) WHERE comment IS NOT NULL").fetchall()  # noqa: S608
    return digest(found)
