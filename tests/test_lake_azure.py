"""`abfss://`: no Azure can be installed here, so a server of our own hears what Delta and Polars ask of one: whose account, which
container and path, and that the requests are signed with the key that the settings hold."""

import base64
import http.server
import pickle
import threading
from urllib.parse import unquote

import polars as pl
import pytest

from fundtrack.errors import FundtrackError
from fundtrack.lake.delta import Lake
from fundtrack.lake.layout import columns
from fundtrack.lake.standing import City, CityLedger
from fundtrack.settings import settings_now

URI = "abfss://province@hangzhou.dfs.core.windows.net/lake/"


class Heard(http.server.BaseHTTPRequestHandler):
    """Answers nothing but "not there", and notes what was asked."""

    def _note(self):
        key = self.headers.get("Authorization", "").partition(":")[0]
        self.server.heard.append((self.command, unquote(self.path), key))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_PUT = do_POST = _note  # noqa: N815

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def azure():
    """A server, what it heard, and the options that lead to it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Heard)
    server.heard = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = base64.b64encode(b"k" * 32).decode()
    options = {"azure_storage_account_name": "hangzhou", "azure_storage_account_key": key, "allow_http": "true",
               "azure_storage_endpoint": f"http://127.0.0.1:{server.server_port}"}  # fmt: skip
    yield server.heard, options
    server.shutdown()
    server.server_close()


def told(heard, method, start):
    return [path for kind, path, key in heard if (kind, key) == (method, "SharedKey hangzhou") and path.startswith(start)]  # fmt: skip


def test_delta_is_asked_for_the_container_and_path_with_the_key(azure):
    heard, options = azure
    lake = Lake(URI, options)
    assert lake.path("push") == "abfss://province@hangzhou.dfs.core.windows.net/lake/push"
    with pytest.raises(FundtrackError) as caught:
        lake.open("push")
    assert caught.value.code == "lake_unreadable"
    assert told(heard, "GET", "/province/lake/push/_delta_log/_last_checkpoint")


def test_rows_are_written_and_read_with_the_same_options(azure):
    heard, options = azure
    row = dict.fromkeys(columns("target")) | {"jurisdiction": "330100", "edition_hash": "f" * 64}
    frame = pl.DataFrame([row], schema=columns("target"))
    with pytest.raises(FundtrackError) as caught:
        Lake(URI, options).stage("target", "330100", frame)
    assert caught.value.code == "lake_not_writable"
    assert told(heard, "PUT", "/province/lake/target/jurisdiction=330100/part-ffffffffffff-")
    heard.clear()
    city = City("330100", "杭州", 1, "f" * 64, None, "", {"target": 1}, {"target": (f"{URI}target/x.parquet",)}, options)  # fmt: skip
    handed = pickle.loads(pickle.dumps(city))  # noqa: S301 - our own; as Spark hands it to a worker
    with pytest.raises(FundtrackError) as caught:
        CityLedger(handed)["target"]
    assert caught.value.code == "lake_lost"
    assert told(heard, "HEAD", "/province/lake/target/x.parquet") or told(heard, "GET", "/province/lake/target/x.parquet")  # fmt: skip


def test_keys_stand_in_the_settings_and_are_shown_nowhere(azure, monkeypatch):
    _, options = azure
    monkeypatch.setenv("FUNDTRACK_LAKE_OPTIONS", '{"azure_storage_account_key": "secret-of-ours"}')
    settings = settings_now()
    assert settings.lake_options == {"azure_storage_account_key": "secret-of-ours"}
    city = City("330100", "杭州", 1, "f" * 64, None, "", {}, {}, settings.lake_options)
    assert "secret-of-ours" not in repr(settings) + repr(city) + repr(Lake(URI, options))
