"""Texts that no cell could hold, found while a part is unpacked, wherever the pieces are cut."""

import pytest

from fundtrack.load.marks import LONGEST_TEXT, Texts

MOST = LONGEST_TEXT * 8  # eight bytes a character at most

CASES = {
    "nothing": (b"", False),
    "short ones": (b"<si><t>a</t></si>" * 50_000, False),
    "as long as may be": (b"<t>" + b"x" * (MOST - 2) + b"</t>", False),
    "a byte longer, with the rest of its tag": (b"<t>" + b"x" * (MOST - 1) + b"</t>", True),
    "after many short ones": (b"<t>a</t>" * 100_000 + b"<t>" + b"x" * MOST + b"</t>", True),
    "before many short ones": (b"<t>" + b"x" * MOST + b"</t>" + b"<t>a</t>" * 100_000, True),
    "between two of the longest": ((b"<t>" + b"x" * (MOST - 2) + b"</t>") * 2, False),
    "never ended": (b"<t>" + b"x" * MOST, True),
    "never begun": (b"x" * (MOST + 1) + b"<t>", True),
}


@pytest.mark.parametrize("size", [1 << 10, 1 << 16, (1 << 18) + 7, 1 << 24], ids=str)
@pytest.mark.parametrize(("data", "found"), CASES.values(), ids=CASES)
def test_too_long(data: bytes, found: bool, size: int):
    texts = Texts()
    for at in range(0, len(data), size):
        texts.feed(data[at : at + size])
    assert texts.too_long is found
    if found:
        assert texts.longest == max(len(run) for run in data.split(b"<"))
