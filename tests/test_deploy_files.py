"""The files that install fundtrack on a server: systemd takes the units, the container runs as nobody special, and installs offline."""

import shutil
import subprocess
from pathlib import Path

import pytest
from running import ROOT

DEPLOY = ROOT / "deploy"
UNITS = ("fundtrack.service", "fundtrack-backup.service", "fundtrack-backup.timer")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path):
    """What they run and as whom stands in the guide, not on this machine: those words are replaced before systemd looks."""
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        text = text.replace("/opt/fundtrack/.venv/bin/fundtrack", "/bin/true").replace(
            "WorkingDirectory=/opt/fundtrack", "WorkingDirectory=/"
        )
        (tmp_path / name).write_text(
            text.replace("User=fundtrack", f"User={user}").replace("Group=fundtrack\n", ""), encoding="utf-8"
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", *[str(tmp_path / name) for name in UNITS]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


@pytest.mark.parametrize(
    "word",
    ["ProtectSystem=strict", "NoNewPrivileges=yes", "User=fundtrack", "ProtectHome=yes", "PrivateTmp=yes"],
)
def test_every_service_is_shut_in(word):
    for name in UNITS[:2]:
        assert word in (DEPLOY / name).read_text(encoding="utf-8").splitlines(), name


def test_the_container_installs_offline_with_hashes_and_runs_as_its_own_user():
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    steps = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    users = [rest for step, _, rest in steps if step == "USER"]
    installs = [
        part for step, _, rest in steps if step == "RUN" for part in rest.split("&&") if "pip install" in part
    ]
    assert users == ["fundtrack"]
    assert [step for step, _, _ in steps][-1] == "CMD"
    assert installs
    assert all("--no-index" in part for part in installs)
    assert any("--require-hashes -r requirements.lock" in part for part in installs)
    copied = {rest.split()[0] for step, _, rest in steps if step in {"COPY", "ADD"}}
    assert all(name == "wheels" or (ROOT / name).exists() for name in copied)
