"""The one-page briefing (简报) in words: masthead, where the targets stand, the funds' business, problems, next steps."""

from typing import Any

from fundtrack.reports.paper.advice import advice
from fundtrack.reports.paper.facts import HOME, Business, Facts
from fundtrack.reports.paper.problems import problems
from fundtrack.reports.paper.sheet import Line, Run, Sheet, bar, tidy
from fundtrack.reports.words import amount, card, pace
from fundtrack.text.numbers import currency_name, day, money, percent, plain
from fundtrack.text.say import Lang, say

BLANK = "____________"
_HEADS = ("target", "goal", "actual", "year", "elapsed", "status")
_BAR_AT = 3


def briefing(about: Facts, lang: Lang, number: int | None = None) -> Sheet:
    """Write the briefing.

    Args:
        about: its figures.
        lang: the language.
        number: of the issue within its year; the month of the targets' day where none is given.
    """
    source = about.imprint
    on = source.as_of
    blank = tidy(about.operator, 30) or BLANK
    notes = (
        say("briefing.note_terms", lang),
        say("briefing.note_source", lang, dates=source.dates(lang), line=source.line(lang)),
        say("briefing.note_sign", lang, blank=BLANK),
    )
    return Sheet(
        lang, say("briefing.title", lang), say("briefing.issue", lang, year=on.year, number=number or on.month),
        say("briefing.by", lang, operator=blank), day(on, lang), say("briefing.note_example", lang) if source.example else "",
        about.progress.headline(lang),
        (targets(about, lang), business(about.business, lang), problems(about, lang), advice(about, lang)),
        tuple(say(f"briefing.table_{name}", lang) for name in _HEADS), _BAR_AT, say("briefing.table_bar", lang),
        lines(about, lang), say("briefing.table_help", lang), say("briefing.notes_head", lang), notes, source.published_at,
    )  # fmt: skip


def lines(about: Facts, lang: Lang) -> tuple[Line, ...]:
    """The targets counted from the ledger as lines of a table."""
    made = []
    for row in about.targets:
        shown = card(row, about.progress.beside, lang)
        ratios = (percent(row[name], lang) for name in ("year_completion", "elapsed"))
        goal = amount(row["target"], row, lang, fixed=False)
        cells = (tidy(shown.title), goal, shown.figure, *ratios, f"{shown.mark} {shown.status}")
        made.append(Line(cells, bar(row), row["status"]))
    return tuple(made)


def targets(about: Facts, lang: Lang) -> tuple[Run, ...]:
    """Section one: each target in a clause."""
    head = Run("head", say("briefing.targets_head", lang))
    if not about.targets:
        return (head, Run("text", say("briefing.no_targets", lang)))
    parts = say("briefing.join", lang).join(_target(row, about, lang) for row in about.targets)
    return (head, Run("text", say("briefing.targets", lang, day=day(about.imprint.as_of, lang), parts=parts)))


def _target(row: dict[str, Any], about: Facts, lang: Lang) -> str:
    if row["actual"] is None:
        title = card(row, about.progress.beside, lang).title
        return say("briefing.unknown", lang, title=tidy(title))
    words = {"actual": amount(row["actual"], row, lang), "completion": percent(row["completion"], lang)}
    return say(f"briefing.{row['code']}", lang, tail=_tail(row, lang), **words)


def _tail(row: dict[str, Any], lang: Lang) -> str:
    if row["status"] == "done":
        return say("briefing.tail_done", lang)
    if row["status"] == "missed":
        return say("briefing.tail_missed", lang, remaining=amount(row["remaining"], row, lang))
    if row["year_completion"] is None:
        return ""
    if not row["start_value"]:  # what was reached is what was added
        return say("briefing.tail_pace", lang, pace=pace(row, lang))
    gained = amount(row["actual"] - row["start_value"], row, lang)
    return say("briefing.tail_year", lang, gained=gained, share=percent(row["year_completion"], lang), pace=pace(row, lang))  # fmt: skip


def business(found: Business, lang: Lang) -> tuple[Run, ...]:
    """Section two: raised, invested, returned, worth."""
    head = say("briefing.business_head", lang) + say("briefing.business_day", lang, day=day(found.day, lang))
    runs = [Run("head", head)]
    for name, write in (("raised", raised), ("invested", invested), ("exited", exited), ("valued", valued)):
        runs += [Run("item", say(f"briefing.{name}_head", lang)), Run("text", write(found, lang))]
    for row in found.others:
        words = {
            "currency": currency_name(row["currency"], lang),
            "paid_in": money(row["paid_in"], row["currency"], lang),
            "nav": money(row["nav"], row["currency"], lang),
        }
        runs.append(Run("text", say("briefing.others", lang, **words)))
    return tuple(runs)


def _cny(value: Any, lang: Lang) -> str:
    """Money of the funds' business, in 亿元 to two decimals."""
    return money(value, HOME, lang, places=2)


def raised(found: Business, lang: Lang) -> str:
    """What was paid into the funds, and by whom."""
    missing = found.paid_in_unknown
    return say(
        "briefing.raised", lang, paid_in=_cny(found.paid_in, lang), rate=percent(found.paid_in_rate, lang),
        unknown=say("briefing.raised_unknown", lang, count=plain(missing, lang)) if missing else "",
        guidance=_cny(found.nav["paid_in"] if found.nav else None, lang), leverage=plain(found.leverage, lang, 1, fixed=True),
    )  # fmt: skip


def invested(found: Business, lang: Lang) -> str:
    """What the funds invested, how early, where, and what of it was recognised."""
    total, local = found.total, found.local
    if total is None:
        return say("briefing.invested_none", lang)
    words = {"amount": _cny(local["fund_invested"], lang), "share": percent(local["fund_share"], lang)} if local else {}  # fmt: skip
    required = found.required
    return say(
        "briefing.invested", lang, projects=plain(total["investments"], lang), companies=plain(total["companies"], lang),
        amount=_cny(total["fund_invested"], lang), early=percent(found.early_share, lang),
        local=say("briefing.local", lang, **words) if local else "", recognised=_cny(found.recognised, lang),
        required=say("briefing.required", lang, required=_cny(required, lang)) if required is not None else "",
    )  # fmt: skip


def exited(found: Business, lang: Lang) -> str:
    """What came back, and what was remitted."""
    back = found.back
    if back is None or not back["receipts"]:
        return say("briefing.exited_none", lang)
    kept = back["kept"]
    words = {name: _cny(back[name], lang) for name in ("back", "principal", "income", "remitted")}
    tail = say("briefing.kept", lang, kept=_cny(kept, lang)) if kept is not None and kept >= 0 else ""
    return say("briefing.exited", lang, kept=tail, **words)


def valued(found: Business, lang: Lang) -> str:
    """What the guidance funds' share is worth, on which basis, and how new that is."""
    row = found.nav
    if row is None or row["nav"] is None:
        return say("briefing.valued_none", lang)
    book = row["book_share"]
    basis = "book" if book == 1 else "fair" if not book else "mixed"
    words = {"share": percent(book, lang)} if basis == "mixed" else {}
    missing = row["nav_unknown"]
    return say(
        "briefing.valued", lang, basis=say(f"briefing.basis_{basis}", lang, **words), nav=_cny(row["nav"], lang),
        share=percent(row["recent_share"], lang), since=day(found.since, lang),
        unknown=say("briefing.valued_unknown", lang, count=plain(missing, lang)) if missing else "",
    )  # fmt: skip
