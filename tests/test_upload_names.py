"""What a browser calls a file never becomes a path: it is read under a name of ours, and keeps its own only as words."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from fundtrack.ui.loading import _staged


@dataclass
class Sent:
    """A file as a browser could send it."""

    name: str

    def getvalue(self) -> bytes:
        return b"bytes"


@pytest.mark.parametrize(
    "name",
    ["a.xlsx", "../../etc/passwd", "/etc/cron.d/x.xlsx", "..\\..\\x.xls", "a.xlsx\x00.sh", "x." + "y" * 400, "CON", ".", "..", "", "报表.xlsx/../..", "a.x\u202eslx",
     "~/.ssh/authorized_keys", "a.$(id)", "-rf.xlsx"],
)  # fmt: skip
def test_a_name_is_no_path(name, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with _staged([Sent(name), Sent(name)]) as paths:
        assert [said for _, said in paths] == [name, name]
        folders = {path.parent for path, _ in paths}
        assert len(folders) == 1
        assert all(path.resolve().parent.parent == Path(tmp_path).resolve() for path, _ in paths)
        assert [path.stem for path, _ in paths] == ["0", "1"]
        assert sorted(each for each in tmp_path.rglob("*") if each.is_file()) == sorted(
            path for path, _ in paths
        )
    assert list(tmp_path.iterdir()) == []
