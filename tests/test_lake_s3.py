"""The lake on an S3-compatible server (moto, in a process of its own): the same pushes, by the same way."""

import os
import socket
import subprocess
import time
import urllib.request

import pytest
from cities import CODES, funded, grow
from test_lake import plain, pushed, said, together

from fundtrack.errors import InputError
from fundtrack.lake.delta import Lake
from fundtrack.lake.standing import cities

MOTO = os.environ.get("FUNDTRACK_MOTO")
pytestmark = pytest.mark.skipif(not MOTO, reason="FUNDTRACK_MOTO names no moto_server (make install-test makes one)")  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """An empty S3-compatible server; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen([str(MOTO), "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # fmt: skip
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(
                        urllib.request.Request(f"{address}/lakes", method="PUT"), timeout=5
                    )
                    break
                except OSError:
                    assert process.poll() is None
                    time.sleep(0.1)
            else:
                pytest.fail("moto_server does not answer")
            yield address
        finally:
            process.terminate()


@pytest.fixture
def environment(server, monkeypatch):
    """Credentials as a person would give them: in the environment."""
    given = {
        "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


def test_a_push_and_its_repetition(tmp_path, environment):
    lake, local = Lake("s3://lakes/one"), Lake(str(tmp_path / "lake"))
    store = grow(tmp_path / "a", funded("甲", "100"))
    assert [pushed(store, lake).outcome for _ in range(2)] == ["pushed", "unchanged"]
    pushed(store, local)
    grow(tmp_path / "a", funded("甲", "250"))
    assert pushed(store, lake).outcome == pushed(store, local).outcome == "pushed"
    both = [said(one) for one in (lake, local)]
    for shown in both:
        for report in shown.values():
            assert report["cities"][0].pop("pushed_at")
    assert both[0] == both[1]
    assert [int(size) for size in plain(lake, "partner_fund")["committed_size"]] == [250]


def test_eight_cities_at_once(tmp_path, environment):
    sizes = {code: f"{number}00" for number, code in enumerate(CODES[:8], 1)}
    for code, size in sizes.items():
        grow(tmp_path / code, funded(code, size))
    assert (
        together("s3://lakes/eight", [(code, tmp_path / code) for code in sizes], **environment)
        == ["pushed"] * 8
    )
    lake = Lake("s3://lakes/eight")
    found = plain(lake, "partner_fund").select("jurisdiction", "committed_size").iter_rows()
    assert {code: str(int(size)) for code, size in found} == sizes
    assert [city.jurisdiction for city in cities(lake)] == sorted(sizes)


def test_no_bucket_and_no_way_in_are_sentences(tmp_path, environment):
    store = grow(tmp_path / "a", funded("甲", "100"))
    lake = Lake("s3://no-such-bucket/x")
    for ask in (lambda: cities(lake), lambda: pushed(store, lake)):
        with pytest.raises(InputError) as caught:
            ask()
        assert caught.value.code == "lake_unreadable" and "\n" not in caught.value.about["detail"]
