"""The dashboard's server ends with the command that started it, however that one ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from running import ROOT


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be noted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child with its parent")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_its_command(tmp_path, sent):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = subprocess.Popen(
        [sys.executable, "-m", "fundtrack", "serve", "--port", str(port), "--data", str(tmp_path)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    server = 0
    try:
        for _ in range(600):
            children = Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()
            if children and b"streamlit" in Path(f"/proc/{children[0]}/cmdline").read_bytes():
                server = int(children[0])
                break
            time.sleep(0.1)
        assert server
        command.send_signal(sent)
        command.wait(20)
        for _ in range(300):
            if not alive(server):
                break
            time.sleep(0.1)
        assert not alive(server)
    finally:
        command.kill()
        with suppress(ProcessLookupError):
            if server:
                os.kill(server, signal.SIGKILL)
