"""Commands that keep the data safe: backup, restore, rebuild, doctor."""

import argparse
import sys
from pathlib import Path
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.errors import UsageError
from fundtrack.settings import Settings
from fundtrack.terminal import tell
from fundtrack.text.say import Lang, say


def backup(args: Args, settings: Settings, lang: Lang) -> int:
    """Write everything that is proof, and what people decided, into one file; nobody has to wait."""
    from fundtrack.store.backup import backup as write  # noqa: PLC0415

    done = write(standing(settings), args.out)
    if args.json:
        print_json({"out": str(args.out), "edition": done.edition, "head_hash": done.head, "files": done.files, "bytes": done.size})  # fmt: skip
    else:
        words = {"edition": done.edition, "files": done.files, "megabytes": f"{done.size / 1e6:.1f}"}
        tell(say("cli.backed_up", lang, out=args.out, head=done.head[:16], **words))
    return 0


def restore(args: Args, settings: Settings, lang: Lang) -> int:
    """Put a backup back into an empty data folder, every file checked."""
    from fundtrack.store.backup import restore as read  # noqa: PLC0415

    done = read(args.file, settings.data)
    if args.json:
        print_json({"data": str(settings.data), "edition": done.edition, "head_hash": done.head, "files": done.files})  # fmt: skip
    else:
        words = {"edition": done.edition, "files": done.files, "head": done.head[:16]}
        tell(say("cli.restored", lang, file=args.file, folder=settings.data, **words))
    return 0


def rebuild(args: Args, settings: Settings, lang: Lang) -> int:
    """Replay the batches' archives into a new folder, or in place of a damaged edition; the head hash must come out the same."""
    from fundtrack.load.agree import agree  # noqa: PLC0415
    from fundtrack.store.folders import Folders  # noqa: PLC0415
    from fundtrack.store.rebuild import rebuild as replay  # noqa: PLC0415

    if (args.out is None) is not args.here:
        raise UsageError("rebuild_where")
    if args.here:
        from fundtrack.service.people import system_user  # noqa: PLC0415
        from fundtrack.store.mending import rebuild_here  # noqa: PLC0415

        done = rebuild_here(Folders(settings.data), agree, system_user(), settings.lock_wait)
    else:
        done = replay(Folders(settings.data), args.out, agree)
    if args.json:
        print_json({"out": str(args.out or settings.data), "edition": done.edition, "batches": done.batches, "head_hash": done.head,
                    "same_results": done.same_results})  # fmt: skip
    else:
        words = {"edition": done.edition, "batches": done.batches, "head": done.head[:16]}
        tell(
            say(
                "cli.rebuilt_here" if args.here else "cli.rebuilt",
                lang,
                **words,
                **({} if args.here else {"out": args.out}),
            )
        )
        if not done.same_results:
            tell(say("cli.rebuilt_otherwise", lang))
    return 0


def doctor(args: Args, settings: Settings, lang: Lang) -> int:
    """Look over this installation and say what to mend."""
    from fundtrack.reports.doctor import examine  # noqa: PLC0415
    from fundtrack.service.examining import examine_people  # noqa: PLC0415

    found = [*examine(settings), *examine_people(settings)]
    if args.json:
        print_json({"ok": all(one.grade != "bad" for one in found), "checks": [one.as_json(lang) for one in found]})  # fmt: skip
    else:
        for one in found:
            sys.stdout.write(say(f"doctor.{one.grade}", lang, words=one.sentence(lang)) + "\n")
    return 1 if any(one.grade == "bad" for one in found) else 0


def _out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT.tar.gz", help="a file that is not there yet")


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="BACKUP")


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "out", type=Path, nargs="?", metavar="OUT/", help="an empty folder, or one that does not exist yet"
    )
    parser.add_argument(
        "--here", action="store_true", help="mend the newest edition of the data folder itself"
    )


COMMANDS: Final = (
    Command(backup, _out),
    Command(restore, _file),
    Command(rebuild, _folder),
    Command(doctor),
)
