"""The address of a page: read once while it is drawn, and what is written meanwhile is known at once."""

import pytest
import streamlit as st

from fundtrack.ui.address import along, given, put, read_once


class Address(dict):
    """Streamlit's, that counts how often it is read."""

    def __init__(self, **said: str) -> None:
        super().__init__(said)
        self.reads = 0

    def to_dict(self) -> dict[str, str]:
        self.reads += 1
        return dict(self)

    def get(self, *asked: str) -> str:
        self.reads += 1
        return super().get(*asked)


@pytest.fixture
def address(monkeypatch):
    said = Address(lang="zh", guidance="GF000001", q="甲")
    monkeypatch.setattr(st, "query_params", said)
    monkeypatch.setattr(st, "session_state", {})
    return said


def test_it_is_read_once_while_a_page_is_drawn(address):
    with read_once():
        assert [given("lang") for _ in range(50)] == ["zh"] * 50
        assert along(figure="dpi") == along(figure="dpi") == "lang=zh&guidance=GF000001&figure=dpi"
        with read_once():  # a part of the page
            assert given("q") == "甲"
    assert address.reads == 1


def test_what_is_put_is_known_at_once_within_and_around(address):
    with read_once():
        with read_once():
            put("guidance", None)
            put("unit", "USD")
        assert (given("guidance"), given("unit")) == ("", "USD")
        assert along() == "lang=zh&unit=USD"


def test_the_next_run_reads_it_anew(address):
    with pytest.raises(ValueError, match="a page fails"), read_once():
        raise ValueError("a page fails")
    address["lang"] = "en"
    assert given("lang") == "en"
    with read_once():
        assert given("lang") == "en"
