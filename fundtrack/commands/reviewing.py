"""Commands of four eyes and of who did what: proposals, publish, return, access."""

import argparse
import sys
from typing import TYPE_CHECKING, Any, Final

from fundtrack.arguments import Args, a_day
from fundtrack.commands.command import Command, print_json
from fundtrack.settings import Settings
from fundtrack.terminal import bar, table, tell, tell_problems
from fundtrack.text.problems import error_sentence, problem_sentence
from fundtrack.text.say import Lang, say

if TYPE_CHECKING:
    from fundtrack.service.reviewing import Looked
    from fundtrack.store.proposed import Proposal

_SHOWN: Final = ("at", "name", "roles", "action", "what", "outcome", "edition", "from", "detail")


def proposals(args: Args, settings: Settings, lang: Lang) -> int:
    """What waits for review; with its number, one proposal checked against the data as they are now."""
    from fundtrack.service import reviewing  # noqa: PLC0415 - keeps start-up short
    from fundtrack.service.desk import own_desk  # noqa: PLC0415

    desk = own_desk(settings)
    if args.proposal:
        return _one(args, reviewing.look_over(desk, args.proposal, bar(sys.stderr, lang)), lang)
    found = [each for each in reviewing.listed(desk) if args.all or each.status == "waiting"]
    if args.json:
        print_json({"proposals": [_as_json(each) for each in found]})
    elif found:
        heads = [
            say(f"proposal.{name}", lang)
            for name in ("id", "kind", "sender", "at", "edition", "status", "files", "reason")
        ]
        sys.stdout.write(table(heads, [_line(each, lang) for each in found]) + "\n")
    else:
        tell(say("cli.no_proposals", lang))
    return 0


def _line(each: "Proposal", lang: Lang) -> list[str]:
    files = "、".join(name for name, _ in each.files) or str(each.about.get("batch", ""))
    return [each.proposal_id, say(f"proposal.kind_{each.kind}", lang), each.by.name, each.at[:16].replace("T", " "),
            str(each.edition or "—"), say(f"proposal.status_{each.status}", lang), files, each.reason]  # fmt: skip


def _as_json(each: "Proposal") -> dict[str, Any]:
    last = each.events[-1] if each.events else None
    return {
        "proposal": each.proposal_id, "kind": each.kind, "by": each.by.name, "at": each.at, "edition": each.edition,
        "digest": each.digest, "status": each.status, "reason": each.reason, "rows": each.counts,
        "files": [{"file": name, "sha256": sha256} for name, sha256 in each.files],
        "settled": last and {"by": last.by.name, "at": last.at, "comment": last.comment, "edition": last.edition,
                             "batch_ids": list(last.batch_ids)},
    }  # fmt: skip


def _one(args: Args, seen: "Looked", lang: Lang) -> int:
    made = seen.result or seen.corrected
    problems = made.problems if made else ()
    if args.json:
        said = [each.as_dict() | {"message": problem_sentence(each, lang)} for each in problems]
        print_json({**_as_json(seen.proposal), "now": {
            "edition": seen.edition, "digest": seen.digest, "changed": seen.changed, "possible": seen.possible, "problems": said,
            "error": error_sentence(seen.wrong, lang) if seen.wrong else None, "rows": seen.result.counts() if seen.result else None,
            "changes": seen.corrected.changes() if seen.corrected else None,
        }})  # fmt: skip
        return 0
    sys.stdout.write("  ".join(_line(seen.proposal, lang)) + "\n")
    tell_problems(problems, lang)
    if seen.wrong:
        tell(error_sentence(seen.wrong, lang))
    elif seen.proposal.status == "waiting":
        tell(say("cli.proposal_now", lang, edition=seen.edition or 0, digest=seen.digest[:12]))
        if seen.changed:
            tell(say("cli.proposal_changed", lang))
    return 0


def publish(args: Args, settings: Settings, lang: Lang) -> int:
    """Publish what somebody else sent in; it is checked once more."""
    from fundtrack.service import reviewing  # noqa: PLC0415
    from fundtrack.service.desk import own_desk  # noqa: PLC0415

    done, made = reviewing.publish(
        own_desk(settings), args.proposal, args.comment, seen=args.seen, progress=bar(sys.stderr, lang)
    )
    if args.json:
        print_json(
            {
                "outcome": "published",
                "edition": made.edition,
                "batch_ids": list(made.batch_ids),
                **_as_json(done),
            }
        )
    else:
        words = {
            "edition": made.edition or 0,
            "batches": "、".join(made.batch_ids),
            "sender": done.by.name,
            "reviewer": done.events[-1].by.name,
        }
        tell(say("cli.proposal_published", lang, proposal=done.proposal_id, **words))
    return 0


def return_(args: Args, settings: Settings, lang: Lang) -> int:
    """Return a proposal to its sender with the reason, or take one's own back."""
    from fundtrack.service import reviewing  # noqa: PLC0415
    from fundtrack.service.desk import own_desk  # noqa: PLC0415

    done = reviewing.send_back(own_desk(settings), args.proposal, args.comment)
    if args.json:
        print_json({"outcome": "returned", **_as_json(done)})
    else:
        tell(say("cli.proposal_returned", lang, proposal=done.proposal_id))
    return 0


def access(args: Args, settings: Settings, lang: Lang) -> int:
    """Who looked, loaded, exported or was refused, and whether the log's hash chain holds."""
    from fundtrack.service import logbook  # noqa: PLC0415
    from fundtrack.service.desk import own_desk  # noqa: PLC0415

    lines, problems = logbook.read(
        own_desk(settings), args.first, args.last, who=args.who, outcome=args.outcome
    )
    if args.json:
        found = [each.as_dict() | {"message": problem_sentence(each, lang)} for each in problems]
        print_json({"ok": not problems, "problems": found, "lines": lines})
    else:
        heads = [say(f"access.{name}", lang) for name in _SHOWN]
        rows = [[logbook.words(line, name, lang) for name in _SHOWN] for line in lines]
        sys.stdout.write((table(heads, rows) + "\n") if rows else "")
        tell_problems(problems, lang)
        key = "cli.access_bad" if problems else "cli.access_good"
        tell(say(key, lang, count=len(problems) if problems else len(lines)))
    return 4 if problems else 0


def _list_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "proposal", nargs="?", metavar="PROPOSAL", help="as P000001 (default: list those that wait)"
    )
    parser.add_argument("--all", action="store_true", help="list settled ones, too")


def _publish_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("proposal", metavar="PROPOSAL")
    parser.add_argument("--comment", default="", metavar="WORDS", help="kept in the batch")
    parser.add_argument(
        "--seen",
        metavar="DIGEST",
        help="fingerprint of what you looked at, where the data have changed since it was sent in",
    )


def _return_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("proposal", metavar="PROPOSAL")
    parser.add_argument("--comment", required=True, metavar="WORDS", help="why")


def _access_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=a_day, metavar="D", help="from this day on (UTC)")
    parser.add_argument("--to", dest="last", type=a_day, metavar="D", help="to the end of this day (UTC)")
    parser.add_argument("--who", metavar="NAME", help="only of this person")
    parser.add_argument("--outcome", choices=("done", "refused", "failed"), help="only these")


COMMANDS: Final = (
    Command(proposals, _list_options),
    Command(publish, _publish_options),
    Command(return_, _return_options),
    Command(access, _access_options),
)
