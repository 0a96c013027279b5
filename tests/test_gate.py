"""Without a sign-in: what answers by itself and through the shipped nginx configuration, and what does not."""

import asyncio
import os
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from acting import listed
from browser.serving import free_port, wait_for
from running import ROOT

from fundtrack.ui.frame import NAMES
from fundtrack.ui.server import OPEN, Gate

ANSWERS = ("/", "/funds", "/cross_border", "/manifest.json", "/_stcore/health", "/_stcore/host-config")
REDIRECTS = ("/auth/login", "/auth/logout", "/oauth2callback")
REFUSED = (
    "/media/x.csv", "/media/../app.py", "/_stcore/upload_file/a/b", "/_stcore/metrics", "/_stcore/script-health-check",
    "/component/x", "/app/static/x", "/_stcore/bidi-components/x", "/nope/x", "/FUNDS", "/.streamlit/secrets.toml",
)  # fmt: skip


@pytest.mark.parametrize(
    "path", [*ANSWERS, *REDIRECTS, "/_stcore/stream", "/static/js/index.js", *(f"/{name}" for name in NAMES)]
)
def test_the_way_in_is_open(path):
    assert OPEN.fullmatch(path)


@pytest.mark.parametrize(
    "path", [*REFUSED, "/static/../app.py", "/static/..%2f", "/_stcore/stream/x", "/auth/x"]
)
def test_all_else_is_shut_without_a_sign_in_and_open_where_nobody_need_sign_in(path, tmp_path, monkeypatch):
    if path == "/static/..%2f":
        path = "/static/../x"  # as the server decodes it
    passed, sent = [], []

    async def app(scope, receive, send):
        passed.append(scope["path"])

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "path": path,
        "method": "GET",
        "headers": [(b"cookie", b"_streamlit_user=forged"), (b"x-user", b"admin")],
    }
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path))
    monkeypatch.setenv("FUNDTRACK_SECRETS", str(tmp_path / "none.toml"))
    asyncio.run(Gate(app)(scope, None, send))
    assert passed == [path]
    listed(tmp_path)
    asyncio.run(Gate(app)(scope, None, send))
    assert passed == [path]
    assert sent[0]["status"] == 401


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def status(address, path, method="GET"):
    opener = urllib.request.build_opener(
        _Stay,
        urllib.request.HTTPSHandler(context=ssl._create_unverified_context()),  # noqa: S323 - a certificate of this test only
    )
    try:
        with opener.open(urllib.request.Request(address + path, method=method), timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, "", dict(error.headers)


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("nginx") is None, reason="Debian's nginx is not installed")
def test_the_shipped_nginx_lets_nothing_through_without_a_sign_in(tmp_path):
    data, inner, outer, plain = tmp_path / "data", free_port(), free_port(), free_port()
    listed(data)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "k.pem", "-out", tmp_path / "c.pem",
                    "-days", "1", "-subj", "/CN=localhost"], check=True, capture_output=True)  # fmt: skip
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain};", "listen 443 ssl": f"listen 127.0.0.1:{outer} ssl", "fundtrack.example.gov.cn": "localhost",
        "/etc/ssl/fundtrack.pem": str(tmp_path / "c.pem"), "/etc/ssl/private/fundtrack.key": str(tmp_path / "k.pem"),
        "/var/log/nginx/fundtrack.log": str(tmp_path / "access.log"), "127.0.0.1:8501": f"127.0.0.1:{inner}",
    }.items():  # fmt: skip
        assert old in conf
        conf = conf.replace(old, new)
    main = tmp_path / "main.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; daemon off; events {{}} http {{ {conf} }}"
    )
    environment = {**os.environ, "FUNDTRACK_SECRETS": str(tmp_path / "none.toml")}
    served = subprocess.Popen([sys.executable, "-m", "fundtrack", "serve", "--port", str(inner), "--data", str(data)], cwd=ROOT,
                              env=environment, start_new_session=True)  # fmt: skip
    proxy = subprocess.Popen(["nginx", "-c", main], start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{inner}/_stcore/health")
        address = f"https://localhost:{outer}"
        for path in ANSWERS:
            code, body, headers = status(address, path)
            assert (code, "示例" in body) == (200, False), path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert headers["Strict-Transport-Security"]
        assert {path: status(address, path)[0] for path in REDIRECTS} == dict.fromkeys(REDIRECTS, 302)
        wanted = [path for path in REFUSED if ".." not in path]
        assert {path: status(address, path)[0] for path in wanted} == dict.fromkeys(wanted, 401)
        assert status(address, "/_stcore/upload_file/a/b", "PUT")[0] == 401
        assert status(address, "/signed-in")[0] == 404, "only nginx itself may ask"
        assert status(f"http://localhost:{plain}", "/")[0] == 301
    finally:
        for one in (proxy, served):
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(timeout=20)
