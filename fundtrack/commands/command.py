"""What a command is: a thin function, its options, and whether it reports as of a date."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fundtrack.arguments import Args
from fundtrack.errors import InputError
from fundtrack.settings import Settings
from fundtrack.terminal import tell
from fundtrack.text.say import Lang, say

if TYPE_CHECKING:
    from fundtrack.store.proposed import Proposal


def _no_options(_parser: argparse.ArgumentParser) -> None:
    """A command without options of its own."""


@dataclass(frozen=True)
class Command:
    """One command of the command line.

    Attributes:
        run: does it; its name is the command's, its docstring the help. Gives the exit code.
        options: adds the command's own options to its parser.
        dated: takes `--as-of` and `--known-at`.
    """

    run: Callable[[Args, Settings, Lang], int]
    options: Callable[[argparse.ArgumentParser], None] = _no_options
    dated: bool = False

    @property
    def name(self) -> str:
        """What is typed."""
        return self.run.__name__.rstrip("_")


def print_json(content: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, default=str) + "\n")


def standing(settings: Settings) -> Any:
    """The store, where it holds an edition.

    Raises:
        InputError: `no_such_folder`, mistyped or not mounted; `nothing_loaded`, where it stands and holds no edition.
    """
    from fundtrack.store.editions import Store  # noqa: PLC0415 - keeps start-up short

    store = Store(settings.data)
    if not settings.data.is_dir():
        raise InputError("no_such_folder", folder=settings.data.absolute())
    if store.newest() is None:
        raise InputError("nothing_loaded", folder=settings.data)
    return store


def warn_of_damage(settings: Settings, lang: Lang) -> None:
    """Say that the newest edition cannot be read, so that an earlier one answers."""
    from fundtrack.store.editions import Store  # noqa: PLC0415 - keeps start-up short

    seen = Store(settings.data).served()
    if seen.damaged and seen.edition is not None:
        wrong = seen.damaged[0]
        tell(say("cli.damaged", lang, edition=wrong.edition, detail=wrong.detail, served=seen.edition))


def sent(args: Args, made: "Proposal", lang: Lang) -> int:
    """Say that something was put aside for review; nothing has changed yet."""
    if args.json:
        print_json({"outcome": "proposed", "proposal": made.proposal_id, "edition": made.edition, "batch_ids": [],
                    "digest": made.digest, "rows": made.counts})  # fmt: skip
    else:
        tell(say("cli.proposed", lang, proposal=made.proposal_id))
    return 0
