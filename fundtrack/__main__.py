"""The command line: one thin function per command."""

import json
import locale
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from fundtrack.arguments import Args, parser, usage_words
from fundtrack.errors import BusyError, FundtrackError, InputError, UsageError
from fundtrack.settings import Settings
from fundtrack.terminal import bar, table, tell, tell_problems
from fundtrack.text.problems import error_sentence, problem_sentence
from fundtrack.text.say import Lang, say


def _locale_lang() -> Lang:
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith("zh") else "en"


def _print_json(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, default=str) + "\n")


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
        "problems": problems,
    }  # fmt: skip


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
            mine = out.setdefault(each.table, {"new": [], "changed": [], "unchanged": 0})
            mine["new"] += each.new["row_key"].to_list()
            mine["changed"] += each.changes().select("row_key", "field", "old", "new").to_dicts()
            mine["unchanged"] += each.unchanged
    return out


def _tell_result(result: Any, lang: Lang) -> None:
    from fundtrack.model.rows import TABLES  # noqa: PLC0415 - keeps start-up short

    tell_problems(result.problems, lang)
    for name, counts in result.counts().items():
        tell("  " + say("cli.counts", lang, table=getattr(TABLES[name].info, lang), **counts))
    for name, ids in _minted(result).items():
        tell("  " + say("cli.minted", lang, table=getattr(TABLES[name].info, lang), ids=", ".join(ids)))
    refused = sum(each.outcome == "refused" for each in result.senders)
    words = {"edition": result.edition or 0, "batches": ", ".join(result.batch_ids), "refused": refused}
    key = (
        "cli.checked_partial"
        if result.outcome == "partial" and not result.batch_ids
        else f"outcome.{result.outcome}"
    )
    tell(say(key, lang, **words))


def _standing(settings: Settings) -> Any:
    """The store, where it holds an edition.

    Raises:
        InputError: the folder is empty, or is none: somebody has mistyped it.
    """
    from fundtrack.store.editions import Store  # noqa: PLC0415

    store = Store(settings.data)
    if store.newest() is None:
        raise InputError("nothing_loaded", folder=settings.data)
    return store


def check(args: Args, settings: Settings, lang: Lang) -> int:
    """Everything wrong with files, and what they would change; writes nothing."""
    from fundtrack.load import pipeline  # noqa: PLC0415
    from fundtrack.load.give_back import give_back  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415

    result = pipeline.check(
        Store(settings.data),
        args.files,
        profile=args.profile,
        seeds=settings.seeds,
        progress=bar(sys.stderr, lang),
    )
    marked = give_back(result, args.annotate, lang) if args.annotate else []
    if args.json:
        annotated = [{"file": each.file, "out": str(each.out)} for each in marked]
        _print_json(_result_json(result, lang) | {"diff": _diff_json(result), "annotated": annotated})
    else:
        _tell_result(result, lang)
        for each in marked:
            tell(say("cli.annotated", lang, file=each.file, out=each.out))
    return 1 if result.outcome in {"refused", "partial"} else 0


def load(args: Args, settings: Settings, lang: Lang) -> int:
    """Check files, then publish those of every sender without errors."""
    from fundtrack.load import pipeline  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415

    result = pipeline.load(
        Store(settings.data), args.files, by=args.by, profile=args.profile, together=args.all, seeds=settings.seeds,
        patience=settings.lock_wait, progress=bar(sys.stderr, lang),
    )  # fmt: skip
    written = _write_receipt(result, args.receipt, settings, lang) if args.receipt else None
    if args.json:
        _print_json(_result_json(result, lang) | {"receipt": written and str(written)})
    else:
        _tell_result(result, lang)
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
    from fundtrack.load import pipeline  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415

    done = pipeline.undo(
        Store(settings.data), args.batch, by=args.by, reason=args.reason, patience=settings.lock_wait
    )
    if args.json:
        _print_json({"edition": done.edition, "batch_ids": list(done.batch_ids)})
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
        _print_json({"out": str(args.out), "parts": list(args.part or ("A", "B", "C")), "lang": wanted})
    else:
        tell(say("cli.template_written", lang, out=args.out))
    return 0


def progress(args: Args, settings: Settings, lang: Lang) -> int:
    """Where the targets stand."""
    from fundtrack.reports.lines import progress_lines  # noqa: PLC0415
    from fundtrack.reports.progress import progress_report  # noqa: PLC0415

    with _standing(settings).ledger(args.known_at).held() as ledger:
        report = progress_report(ledger, args.as_of, settings.band_early, settings.band_late)
    if args.json:
        _print_json(report.as_json())
    else:
        heads, rows, right = progress_lines(report, lang)
        sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
        sys.stdout.write(table(heads, rows, right) + "\n")
    return 0


def funds(args: Args, settings: Settings, lang: Lang) -> int:
    """One line per partner fund and per participation."""
    from fundtrack.reports.funds import funds_report  # noqa: PLC0415
    from fundtrack.reports.lines import fund_lines, stake_lines  # noqa: PLC0415

    with _standing(settings).ledger(args.known_at).held() as ledger:
        report = funds_report(ledger, args.as_of)
    if args.json:
        _print_json(report.as_json())
    else:
        sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
        for heads, rows, right in (fund_lines(report, lang), stake_lines(report, lang)):
            sys.stdout.write(table(heads, rows, right) + "\n\n")
    return 0


def inbox(args: Args, settings: Settings, lang: Lang) -> int:
    """Which reports are due, have come, were sent back or are missing."""
    from fundtrack.reports.inbox import inbox as look  # noqa: PLC0415
    from fundtrack.reports.inbox import usual_day  # noqa: PLC0415
    from fundtrack.reports.reminders import inbox_lines, reminders, summary  # noqa: PLC0415
    from fundtrack.reports.sheets import write  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415
    from fundtrack.store.returned import returned_files  # noqa: PLC0415

    store = Store(settings.data)
    ledger = store.ledger(args.known_at)
    day = args.as_of or usual_day(ledger)
    if day is None:
        raise InputError("inbox_empty")
    returned = returned_files(store.folders) if ledger.edition == store.newest() else []
    found = look(ledger, day, args.period, returned)
    if args.reminders:
        write(args.reminders, reminders(found, lang))
    if args.json:
        _print_json(found.as_json())
    else:
        heads, rows, right = inbox_lines(found, lang)
        words = summary(found, lang) if found.period else say("inbox.none", lang)
        sys.stdout.write(words + "\n" + (table(heads, rows, right) + "\n" if rows else ""))
    return 0


def verify(args: Args, settings: Settings, lang: Lang) -> int:
    """Recompute every hash and both engines."""
    from fundtrack.load.agree import recheck  # noqa: PLC0415
    from fundtrack.store.verify import verify as verify_store  # noqa: PLC0415

    store = _standing(settings)
    problems = verify_store(store, engines=recheck)
    if args.json:
        found = [problem.as_dict() | {"message": problem_sentence(problem, lang)} for problem in problems]
        _print_json({"ok": not problems, "problems": found})
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
    return 4 if problems else 0


def demo(args: Args, settings: Settings, lang: Lang) -> int:
    """Load the 示例 workbooks through the real pipeline, then serve."""
    from fundtrack.load.demo import load_demo  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415

    edition = load_demo(
        Store(settings.data), settings.seeds, progress=bar(sys.stderr, lang), patience=settings.lock_wait
    )
    if args.json:
        _print_json({"edition": edition})
    if args.no_serve:
        return 0
    return serve(args, settings, lang)


def serve(args: Args, settings: Settings, lang: Lang) -> int:
    """The dashboard, on this machine only."""
    app = Path(__file__).resolve().parent.parent / "app.py"
    address = f"http://127.0.0.1:{args.port}"
    tell(say("cli.serving", lang, address=address))
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(args.port), "--server.address", "127.0.0.1",
               "--server.headless", "true"]  # fmt: skip
    environment = {
        **os.environ,
        "FUNDTRACK_DATA": str(settings.data.resolve()),
        "FUNDTRACK_SEEDS": str(settings.seeds.resolve()),
    }
    try:
        return subprocess.call(command, env=environment, cwd=app.parent)
    except KeyboardInterrupt:
        return 0


RUNS: Final = {
    run.__name__: run for run in (demo, serve, template, check, load, undo, progress, funds, inbox, verify)
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; what goes wrong is one sentence, never a traceback."""
    given = list(sys.argv[1:] if argv is None else argv)
    settings, lang = Settings.model_construct(), _locale_lang()
    try:
        settings = _settings()
        lang = lang if settings.lang == "auto" else settings.lang
        args = parser(RUNS).parse_args(given)
        lang = args.lang or lang
        if args.data is not None:
            settings = settings.model_copy(update={"data": args.data})
        return int(args.run(args, settings, lang))
    except FundtrackError as error:
        words = (
            usage_words(error, lang)
            if isinstance(error, UsageError) and error.code == "usage"
            else error_sentence(error, lang)
        )
        return _fail(error.code, words, error.exit_code, as_json="--json" in given)
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # so that closing stdout does not fail again
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("FUNDTRACK_DEBUG"):
            raise
        words = say("error.unexpected", lang, kind=type(error).__name__)
        return _fail("unexpected", words, 4, as_json="--json" in given)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"FUNDTRACK_{'_'.join(map(str, first['loc']))}".upper()
        raise UsageError("setting_wrong", name=name, value=first["input"]) from error


def _fail(code: str, words: str, exit_code: int, *, as_json: bool) -> int:
    tell(words)
    if as_json:
        _print_json({"error": code, "message": words, "exit": exit_code})
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
