"""Imports go downward only, and each library has one home: read out of the sources, not believed."""

import ast
from pathlib import Path

import pytest

import fundtrack

HOME = Path(fundtrack.__file__).parent
ROOT = HOME.parent
# What each part may import of ours, besides itself.
FLOORS = {
    "errors": set(), "money": set(), "periods": set(),
    "settings": {"errors"},
    "model": {"errors", "money", "periods"},
    "text": {"errors", "money", "periods", "model"},
}  # fmt: skip
FLOORS |= {
    "metrics": {*FLOORS},
    "store": {*FLOORS},
    "load": {*FLOORS, "metrics", "store"},
    "reports": {*FLOORS, "metrics", "store"},
    "lake": {*FLOORS, "metrics", "store"},
    "service": {*FLOORS, "metrics", "store", "load", "reports"},
    "ui": {*FLOORS, "metrics", "store", "load", "reports", "lake", "service"},
    "terminal": {*FLOORS, "reports"},
    "arguments": {*FLOORS},
    "commands": {
        *FLOORS,
        "metrics",
        "store",
        "load",
        "reports",
        "lake",
        "service",
        "ui",
        "terminal",
        "arguments",
    },
}
FLOORS["__main__"] = {*FLOORS}
HOMES = {
    "duckdb": {"store", "lake"},
    "streamlit": {"ui", "app"},
    "plotly": {"ui"},
    "fastexcel": {"load"}, "python_calamine": {"load"}, "openpyxl": {"load"}, "xlrd": {"load"}, "xlsxwriter": {"load", "reports"},
    "cryptography": {"store"}, "docx": {"reports"}, "typst": {"reports"}, "scipy": {"metrics"},
    "deltalake": {"lake"}, "pyspark": {"lake"},
}  # fmt: skip
ALLOWED_BELOW = {"polars"}
"""What the lowest floor may use besides the standard library."""


def part(path):
    """The floor that a source stands on."""
    return (
        "app"
        if path.name == "app.py" and path.parent == ROOT
        else path.relative_to(HOME).parts[0].removesuffix(".py")
    )


def imports(path):
    """Every module that a source imports at run time, lazily or not; those for type checkers only do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unseen = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: {ast.unparse(node)}"
            yield node.module
            if node.module in {"fundtrack", *(f"fundtrack.{name}" for name in FLOORS)}:
                yield from (f"{node.module}.{name.name}" for name in node.names)


SOURCES = sorted(HOME.rglob("*.py")) + [path for path in [ROOT / "app.py"] if path.is_file()]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_imports_only_what_stands_below_it_and_libraries_at_home(path):
    own = part(path)
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "fundtrack" and rest and rest[0] in FLOORS and own not in {"app", "__init__"}:
            assert rest[0] == own or rest[0] in FLOORS[own], f"{own} must not import {name}"
        if top in HOMES:
            assert own in HOMES[top], f"{top} is at home in {sorted(HOMES[top])}, not in {own}"


@pytest.mark.parametrize("name", ["errors", "money", "periods"])
def test_the_lowest_floor_needs_nothing_but_polars(name):
    import sys

    found = {module.split(".")[0] for module in imports(HOME / f"{name}.py")}
    assert found <= set(sys.stdlib_module_names) | ALLOWED_BELOW


def test_every_part_has_its_floor():
    parts = {part(path) for path in SOURCES} - {"__init__", "app"}
    assert parts <= set(FLOORS)


def test_the_rule_sees_what_it_should(tmp_path):
    """Imports inside functions count, those for type checkers do not."""
    source = tmp_path / "x.py"
    source.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import plotly\n"
        "def f():\n    import duckdb\n    from fundtrack.store import lock\n    from fundtrack import ui\n"
    )
    assert {"duckdb", "fundtrack.store", "fundtrack.store.lock", "fundtrack.ui"} <= set(imports(source))
    assert "plotly" not in set(imports(source))
