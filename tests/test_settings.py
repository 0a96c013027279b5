"""Settings out of the environment: as said where anything may be said, checked where not everything may."""

from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import ValidationError

from fundtrack.settings import Settings, settings_now


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    for each in fields(Settings):
        monkeypatch.delenv(f"FUNDTRACK_{each.name}".upper(), raising=False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"DATA": "d", "CITY": "330200"}, {"data": Path("d"), "city": "330200"}, id="any text will do"),
        pytest.param({"KEYS": "/k"}, {"keys": Path("/k")}, id="the field whose name mappings have"),
        pytest.param({"READ_SECONDS": "3", "KEYS": "/k"}, {"read_seconds": 3.0, "keys": Path("/k")}, id="one to be checked, one not"),
        pytest.param({"IDENTITY": "true", "REVIEW": "0"}, {"identity": True, "review": False}, id="yes and no"),
        pytest.param({"LAKE_OPTIONS": '{"a": "b"}'}, {"lake_options": {"a": "b"}}, id="JSON"),
        pytest.param({"ACCESS_KEEP_MONTHS": "6"}, {"access_keep_months": 6}, id="six months"),
        pytest.param({"ACCESS_KEEP_MONTHS": "0"}, {"access_keep_months": 0}, id="for ever"),
        pytest.param({"FRESH_WAIT": "2.5", "LANG": "zh"}, {"fresh_wait": 2.5, "lang": "zh"}, id="what may also be nothing"),
        pytest.param({"DUCKDB113": "x", "DEBUG": "1"}, {}, id="what is no setting"),
    ],
)  # fmt: skip
def test_the_environment_is_read(monkeypatch, said, expected):
    for name, value in said.items():
        monkeypatch.setenv(f"FUNDTRACK_{name}", value)
    assert settings_now() == Settings(**expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lang", "fr"), ("band_early", "1.5"), ("band_late", "-0.1"), ("band_late", "much"), ("lock_wait", "-1"), ("read_seconds", "0"),
        ("read_memory", "0"), ("read_memory", "1.5"), ("identity", "perhaps"), ("idle_minutes", "0"), ("access_log", "none"),
        ("fresh_wait", "-1"), ("access_keep_months", "5"), ("access_keep_months", "-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(f"FUNDTRACK_{name}".upper(), value)
    with pytest.raises(ValidationError) as refused:
        settings_now()
    assert {item["loc"] for item in refused.value.errors()} == {(name,)}


def test_names_are_taken_in_any_case(monkeypatch):
    monkeypatch.setenv("fundtrack_city", "330300")
    assert settings_now().city == "330300"
