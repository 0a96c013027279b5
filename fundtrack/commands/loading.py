"""Commands that take files in: template, check, load, undo."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, sent
from fundtrack.errors import BusyError, InputError
from fundtrack.settings import Settings
from fundtrack.terminal import bar, tell, tell_problems
from fundtrack.text.problems import problem_sentence
from fundtrack.text.say import Lang, say

if TYPE_CHECKING:
    from fundtrack.load.head_start import HeadStart


def _head_start(args: Args, settings: Settings) -> "HeadStart":
    from fundtrack.load.head_start import HeadStart  # noqa: PLC0415 - commands that read no files do not load what reads them
    from fundtrack.load.limits import ReadLimits  # noqa: PLC0415

    return HeadStart(args.files, ReadLimits.of(settings))


def _result_json(result: Any, lang: Lang) -> dict[str, Any]:
    problems = [
        problem.as_dict() | {"message": problem_sentence(problem, lang)} for problem in result.problems
    ]
    return {
        "outcome": result.outcome,
        "edition": result.edition,
        "batch_ids": list(result.batch_ids),
        "seed_batch_ids": list(result.seed_batch_ids),
        "senders": [
            {"sender": each.name, "outcome": each.outcome, "files": [item.file.name for item in each.files],
             "problems": len(each.problems)} for each in result.senders
        ],
        "rows": result.counts(),
        "minted": _minted(result),
        "proposals": [_proposal(each) for item in result.files() for each in item.proposals],
        "problems": problems,
    }  # fmt: skip


def _proposal(each: Any) -> dict[str, Any]:
    """A change that a list of investors implies; amounts in units of its currency."""
    amounts = {
        name: None if getattr(each, name) is None else f"{getattr(each, name):.2f}"
        for name in ("amount", "listed", "known")
    }
    return {"partner_fund_id": each.partner_fund_id, "investor": each.investor, "reason": each.reason, **amounts,
            "currency": each.currency, "effective_on": each.effective_on, "sheet": each.sheet, "row": each.row}  # fmt: skip


def _minted(result: Any) -> dict[str, list[str]]:
    minted: dict[str, list[str]] = {}
    for item in result.files():
        for name, ids in item.minted.items():
            minted.setdefault(name, []).extend(ids)
    return minted


def _diff_json(result: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for item in result.files():
        for each in item.diffs:
            if each.table == "cover":
                continue
            mine = out.setdefault(
                each.table, {"new": [], "changed": [], "unchanged": 0, "missing": [], "removed": []}
            )
            mine["new"] += each.new["row_key"].to_list()
            mine["changed"] += each.changes().select("row_key", "field", "old", "new").to_dicts()
            mine["unchanged"] += each.unchanged
            mine["removed" if each.removes else "missing"] += (
                each.missing["row_key"].to_list() if each.missing.height else []
            )
    return out


def _tell_result(result: Any, lang: Lang) -> None:
    from fundtrack.model.rows import TABLES  # noqa: PLC0415 - keeps start-up short

    tell_problems(result.problems, lang)
    for name, counts in result.counts().items():
        tell("  " + say("cli.counts", lang, table=getattr(TABLES[name].info, lang), **counts))
    for each in (each for item in result.files() for each in item.diffs if each.missing.height):
        key = "cli.missing_removed" if each.removes else "cli.missing_kept"
        tell("  " + say(key, lang, table=getattr(TABLES[each.table].info, lang), count=each.missing.height))
    for name, ids in _minted(result).items():
        tell("  " + say("cli.minted", lang, table=getattr(TABLES[name].info, lang), ids=", ".join(ids)))


def _tell_outcome(result: Any, lang: Lang) -> None:
    """The last word."""
    refused = sum(each.outcome == "refused" for each in result.senders)
    words = {"edition": result.edition or 0, "batches": ", ".join(result.batch_ids), "refused": refused}
    key = (
        "cli.checked_partial"
        if result.outcome == "partial" and not result.batch_ids
        else f"outcome.{result.outcome}"
    )
    tell(say(key, lang, **words))


def _tables(words: list[str] | None) -> list[str]:
    """The tables that somebody means: by name, or by the sheet's title in either language.

    Raises:
        InputError: there is none of that name.
    """
    from fundtrack.load.match import match_sheet  # noqa: PLC0415
    from fundtrack.model.rows import TABLES  # noqa: PLC0415

    found = []
    for word in words or []:
        table = match_sheet(word)
        if table is None or table == "cover":
            known = ", ".join(
                name for name, model in TABLES.items() if name != "cover" and "S" not in model.info.parts
            )
            raise InputError("table_unknown", name=word, known=known)
        found.append(table)
    return found


def _tell_effects(as_of: Any, found: Any, lang: Lang) -> None:
    for each in (each for each in found if each.moves):
        words = each.as_dict()
        figures = {name: _figure(words, name, lang) for name in ("before", "after", "target")}
        tell(
            "  " + say("cli.effect", lang, as_of=as_of, name=say(f"target.{words['code']}", lang), **figures)
        )


def _figure(words: dict[str, Any], name: str, lang: Lang) -> str:
    from fundtrack.text.numbers import money, plain, unknown  # noqa: PLC0415

    if words[name] is None:
        return unknown(lang)
    if words["currency"]:
        return money(words[name], words["currency"], lang)
    return plain(words[name], lang) + (str(words["unit"]) if lang == "zh" else "")


def check(args: Args, settings: Settings, lang: Lang) -> int:
    """Everything wrong with files, and what they would change; writes nothing."""
    with _head_start(args, settings) as begun:
        from fundtrack.load.effects import effects  # noqa: PLC0415
        from fundtrack.load.give_back import give_back  # noqa: PLC0415
        from fundtrack.reports.imprint import checked_against  # noqa: PLC0415
        from fundtrack.service import doing  # noqa: PLC0415
        from fundtrack.service.desk import own_desk  # noqa: PLC0415

        desk = own_desk(settings)
        store = desk.store
        result = doing.check(
            desk, args.files, profile=args.profile, complete=_tables(args.complete), snapshot=args.snapshot,
            progress=bar(sys.stderr, lang), begun=begun,
        )  # fmt: skip
    known = store.ledger() if store.newest() is not None else None
    marked = give_back(result, args.annotate, lang, checked_against(known, lang)) if args.annotate else []
    as_of, moved = effects(known, result)
    if args.json:
        annotated = [{"file": each.file, "out": str(each.out)} for each in marked]
        told = {"as_of": as_of, "targets": [each.as_dict() for each in moved]}
        print_json(
            _result_json(result, lang) | {"diff": _diff_json(result), "effect": told, "annotated": annotated}
        )
    else:
        _tell_result(result, lang)
        _tell_effects(as_of, moved, lang)
        _tell_outcome(result, lang)
        for each in marked:
            tell(say("cli.annotated", lang, file=each.file, out=each.out))
    return 1 if result.outcome in {"refused", "partial"} else 0


def load(args: Args, settings: Settings, lang: Lang) -> int:
    """Check files, then publish those of every sender without errors."""
    with _head_start(args, settings) as begun:
        from fundtrack.service import doing  # noqa: PLC0415
        from fundtrack.service.desk import own_desk  # noqa: PLC0415
        from fundtrack.store.proposed import Proposal  # noqa: PLC0415

        result = doing.load(
            own_desk(settings), args.files, by=args.by, profile=args.profile, complete=_tables(args.complete),
            snapshot=args.snapshot, together=args.all, progress=bar(sys.stderr, lang), begun=begun,
        )  # fmt: skip
    if isinstance(result, Proposal):
        return sent(args, result, lang)
    written = _write_receipt(result, args.receipt, settings, lang) if args.receipt else None
    if args.json:
        print_json(_result_json(result, lang) | {"receipt": written and str(written)})
    else:
        _tell_result(result, lang)
        _tell_outcome(result, lang)
        if written:
            tell(say("cli.receipt_written", lang, out=written))
    return 1 if any(each.outcome == "refused" for each in result.senders) else 0


def _write_receipt(result: Any, out: Path, settings: Settings, lang: Lang) -> Path | None:
    """The receipt of what was published; none where nothing was."""
    from fundtrack.reports.receipt import receipt  # noqa: PLC0415
    from fundtrack.reports.sheets import write  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415

    if not result.batch_ids:
        return None
    write(out, receipt(Store(settings.data).ledger(), result.batch_ids, _minted(result)).pages(lang))
    return out


def undo(args: Args, settings: Settings, lang: Lang) -> int:
    """Reverse a batch by appending what was known before it."""
    from fundtrack.service import doing  # noqa: PLC0415
    from fundtrack.service.desk import own_desk  # noqa: PLC0415
    from fundtrack.store.proposed import Proposal  # noqa: PLC0415

    done = doing.undo(own_desk(settings), args.batch, by=args.by, reason=args.reason)
    if isinstance(done, Proposal):
        return sent(args, done, lang)
    if args.json:
        print_json({"edition": done.edition, "batch_ids": list(done.batch_ids)})
    else:
        tell(say("cli.undone", lang, batch=args.batch, edition=done.edition))
    return 0


def template(args: Args, settings: Settings, lang: Lang) -> int:
    """Write the blank standard workbook, in Chinese unless another language is asked for."""
    from fundtrack.load.template import is_blank, write_template  # noqa: PLC0415

    try:
        args.out.open("ab").close()
    except OSError as error:
        raise BusyError("not_writable_file", file=args.out) from error
    if args.out.stat().st_size and not args.force and not is_blank(args.out):
        raise InputError("file_exists", file=args.out)
    wanted: Lang = "en" if "en" in {args.lang, settings.lang} and args.lang != "zh" else "zh"
    write_template(args.out, args.part or ("A", "B", "C"), wanted)
    if args.json:
        print_json({"out": str(args.out), "parts": list(args.part or ("A", "B", "C")), "lang": wanted})
    else:
        tell(say("cli.template_written", lang, out=args.out))
    return 0


def _template_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    parser.add_argument("--part", action="append", choices=("A", "B", "C"),
                        help="A operator, B fund's manager, C commission (default: all)")  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a workbook that somebody has filled in")


def _file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--profile", metavar="NAME",
                        help="a saved profile of data/profiles/ (default: the one that knows the layout)")  # fmt: skip
    parser.add_argument("--complete", action="append", metavar="TABLE",
                        help="the files hold all of this table: rows that the same sender put earlier and that they lack are deleted")  # fmt: skip
    parser.add_argument("--snapshot", action="store_true",
                        help="book the dated changes that lists of investors without dates imply")  # fmt: skip


def _check_options(parser: argparse.ArgumentParser) -> None:
    _file_options(parser)
    parser.add_argument("--annotate", type=Path, metavar="OUT.xlsx",
                        help="give the workbooks back with their problems marked; for several files a folder, or a name before theirs")  # fmt: skip


def _load_options(parser: argparse.ArgumentParser) -> None:
    _file_options(parser)
    parser.add_argument("--by", metavar="NAME", help="who loads (default: the system's user)")
    parser.add_argument("--receipt", type=Path, metavar="OUT.xlsx",
                        help="write the receipt of what was published (.xlsx or .csv)")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="all senders or none")


def _undo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("batch", metavar="BATCH")
    parser.add_argument("--by", required=True, metavar="NAME")
    parser.add_argument("--reason", metavar="WORDS")


COMMANDS: Final = (
    Command(template, _template_options),
    Command(check, _check_options),
    Command(load, _load_options),
    Command(undo, _undo_options),
)
