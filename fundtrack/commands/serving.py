"""Commands that show: demo, serve."""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json
from fundtrack.settings import Settings
from fundtrack.terminal import bar, tell
from fundtrack.text.say import Lang, say

_PARENT_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of linux/prctl.h."""
_WAIT: Final = 0.3
"""Seconds that a click waits for the reports of an edition just published; then the one before is shown until they stand."""


def demo(args: Args, settings: Settings, lang: Lang) -> int:
    """Load the 示例 workbooks through the real pipeline, then serve."""
    from fundtrack.load.demo import load_demo  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415

    edition = load_demo(
        Store(settings.data), settings.seeds, progress=bar(sys.stderr, lang), patience=settings.lock_wait
    )
    if args.json:
        print_json({"edition": edition})
    if args.no_serve:
        return 0
    return serve(args, settings, lang)


def serve(args: Args, settings: Settings, lang: Lang) -> int:
    """The dashboard, on this machine only; others reach it through a proxy that they sign in behind."""
    from fundtrack.service.people import identity_on, system_user  # noqa: PLC0415

    app = Path(__file__).resolve().parents[2] / "serve.py"
    address = f"http://127.0.0.1:{args.port}"
    tell(say("cli.serving", lang, address=address))
    if not identity_on(settings):
        tell(say("cli.acting_local", lang, user=system_user()))
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(args.port), "--server.address", "127.0.0.1",
               "--server.headless", "true"]  # fmt: skip
    environment = {
        "FUNDTRACK_FRESH_WAIT": str(_WAIT),
        **os.environ,
        "FUNDTRACK_DATA": str(settings.data.resolve()),
        "FUNDTRACK_SEEDS": str(settings.seeds.resolve()),
        "FUNDTRACK_SECRETS": str(settings.secrets.resolve()),
        "STREAMLIT_SECRETS_FILES": str(settings.secrets.resolve()),
    }
    try:
        return subprocess.call(command, env=environment, cwd=app.parent, preexec_fn=_end_with(os.getpid()))
    except KeyboardInterrupt:
        return 0


def _end_with(parent: int) -> Callable[[], None] | None:
    """Lets the server end when this process ends, however that comes about; Linux alone can be asked to see to it."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def asked() -> None:
        prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it ended in between
            os.kill(os.getpid(), signal.SIGTERM)

    return asked


def _port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8501)


def _demo_options(parser: argparse.ArgumentParser) -> None:
    _port(parser)
    parser.add_argument("--no-serve", action="store_true", help="load only")


COMMANDS: Final = (Command(demo, _demo_options), Command(serve, _port))
