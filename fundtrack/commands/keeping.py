"""Commands that keep the proof: verify, checkpoint."""

import argparse
import sys
from pathlib import Path
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.errors import BusyError
from fundtrack.settings import Settings
from fundtrack.terminal import tell, tell_problems
from fundtrack.text.problems import problem_sentence
from fundtrack.text.say import Lang, say


def verify(args: Args, settings: Settings, lang: Lang) -> int:
    """Recompute every hash and both engines, and compare with a checkpoint kept elsewhere."""
    from fundtrack.load.agree import recheck  # noqa: PLC0415
    from fundtrack.store.checkpoint import Checkpoint, trusted  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415
    from fundtrack.store.verify import verify as verify_store  # noqa: PLC0415

    note = Checkpoint.read(args.checkpoint) if args.checkpoint else None
    # With a note in hand an empty folder is a finding, not a slip of the keyboard.
    store = Store(settings.data) if note else standing(settings)
    if note:
        trusted(note, store.folders, settings.keys, args.public_key)
    problems = verify_store(store, recheck, note)
    if args.json:
        found = [problem.as_dict() | {"message": problem_sentence(problem, lang)} for problem in problems]
        print_json({"ok": not problems, "problems": found} | ({"checkpoint": note.as_json()} if note else {}))
    elif problems:
        tell_problems(problems, lang)
        tell(say("cli.not_verified", lang, count=len(problems)))
    else:
        ledger = store.ledger()
        editions = ledger.editions()
        tell(
            say(
                "cli.verified",
                lang,
                batches=ledger.batches().height,
                editions=editions.height,
                head=editions["head_hash"][-1][:16],
            )
        )
        if note:
            tell(
                say(
                    "cli.checkpoint_holds",
                    lang,
                    edition=note.edition,
                    made_at=note.made_at,
                    key=note.key_name,
                )
            )
    return 4 if problems else 0


def checkpoint(args: Args, settings: Settings, lang: Lang) -> int:
    """Print a small signed note of where the chain stands, to keep elsewhere."""
    import json  # noqa: PLC0415

    from fundtrack.store.access import head  # noqa: PLC0415
    from fundtrack.store.checkpoint import checkpoint as note_of  # noqa: PLC0415
    from fundtrack.store.mending import whole  # noqa: PLC0415

    store = standing(settings)
    whole(store.folders)
    note = note_of(store.ledger(), settings.keys or store.folders.keys, access_head=head(store.folders))
    if args.json:
        print_json(note.as_json())
    else:
        sys.stdout.write(json.dumps(note.as_json(), ensure_ascii=False, indent=2) + "\n")
        tell(
            say(
                "cli.checkpoint_made", lang, edition=note.edition, head=note.head_hash[:16], key=note.key_name
            )
        )
    if args.out:
        try:
            args.out.write_text(
                json.dumps(note.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        except OSError as error:
            raise BusyError("out_not_writable", file=args.out) from error
    return 0


def _verify_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, metavar="NOTE.json",
                        help="a note that fundtrack checkpoint made: finds even a recomputed chain or a cut tail")  # fmt: skip
    parser.add_argument("--public-key", metavar="KEY",
                        help="the only key, or its short name, to accept the note from (default: the installation's own)")  # fmt: skip


def _checkpoint_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="NOTE.json", help="write the note into a file too")


COMMANDS: Final = (Command(verify, _verify_options), Command(checkpoint, _checkpoint_options))
