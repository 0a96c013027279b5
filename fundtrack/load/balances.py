"""Lists of investors within a file: which rows are balances rather than changes, what is asked, what is taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.checked import ReadFile
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import Wrong, place_in
from fundtrack.load.snapshots import Holder, List, Proposal, as_rows, holders, propose
from fundtrack.load.state import State
from fundtrack.model.fields import name_key
from fundtrack.model.frames import find_column, precision_of, row_key, schema
from fundtrack.text.numbers import plain, signed
from fundtrack.text.say import LANGS, Lang, say

TABLE: Final = "investor_commitment"
_SHOWN: Final = 10


@dataclass
class Taken:
    """What becomes of a file's investors.

    Attributes:
        rows: those that are loaded: dated ones, first lists, balances that only repeat a first commitment, accepted changes.
        proposals: the changes that lists imply.
        problems: what is asked of them, and what is wrong with them.
        equal: listed balances that the ledger has, though not as one row.
        spoken: keys of the ledger's rows that a list speaks of, none of which is missing from the file: `row_key`.
    """

    rows: pl.DataFrame
    proposals: list[Proposal] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    equal: int = 0
    spoken: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"row_key": pl.String}))


def take_lists(
    rows: pl.DataFrame, items: Sequence[Parsed], file: ReadFile, state: State, wrong: Mapping[str, Wrong]
) -> Taken:
    """Take the lists without dates out of a file's investors, and ask or take what they imply.

    Args:
        rows: complete rows of distinct keys.
        items: the sheets they stand in.
        file: the file, whose cover says as of when, and which may be accepted.
        state: what is known.
        wrong: by sheet and row the fields that are problems already.
    """
    as_of = file.cover.as_of
    known = state[TABLE]
    if as_of is None or known.is_empty() or file.kind != "load":
        return Taken(rows)
    listed = _listed(rows, items).filter(
        pl.col("partner_fund_id").is_in(known["partner_fund_id"].unique().implode())
    )
    if listed.is_empty():
        return Taken(rows)
    taken = Taken(rows.join(listed.select("sheet", "row_number"), on=["sheet", "row_number"], how="anti"))
    funds = listed["partner_fund_id"].unique().implode()
    taken.spoken = known.filter(pl.col("partner_fund_id").is_in(funds)).select("row_key")
    precision = str(file.cover.values.get(precision_of("as_of")) or "day")
    top = {item.raw.sheet: item.raw.header_row for item in reversed(items)}
    for part in listed.partition_by("partner_fund_id", maintain_order=True):
        own = List(part["partner_fund_id"][0], part.to_dicts(), as_of, precision, top)
        _take(own, items, state, taken, wrong, accepted=accepted(file))
    return taken


def accepted(file: ReadFile) -> bool:
    """Whether somebody has said that lists of balances shall become changes: for this load, or in the file's profile."""
    return file.snapshots or (file.profile is not None and file.profile.snapshot)


def bare_rows(item: Parsed) -> pl.DataFrame:
    """The rows of a sheet that give neither date nor reason: `row_number`."""
    given = [name for name in ("effective_on", "reason") if name in item.frame.columns]
    said = {problem.row for problem in item.problems if problem.field in given}  # unreadable is not blank
    blank = pl.all_horizontal(pl.lit(value=True), *(pl.col(name).is_null() for name in given))
    return item.frame.filter(blank & ~pl.col("row_number").is_in(list(said))).select("row_number")


def _listed(rows: pl.DataFrame, items: Sequence[Parsed]) -> pl.DataFrame:
    """The rows without date and reason, of funds all of whose rows are so."""
    where = ["sheet", "row_number"]
    bare = pl.concat(
        bare_rows(item).select(pl.lit(item.raw.sheet).alias("sheet"), "row_number") for item in items
    )
    marked = rows.join(
        bare.with_columns(pl.lit(value=True).alias("_list")), on=where, how="left", maintain_order="left"
    )
    return marked.filter(pl.col("_list").is_not_null().all().over("partner_fund_id")).drop("_list")


def _take(
    own: List,
    items: Sequence[Parsed],
    state: State,
    taken: Taken,
    wrong: Mapping[str, Wrong],
    *,
    accepted: bool,
) -> None:
    """Take one fund's list."""
    rows = state[TABLE].filter(pl.col("partner_fund_id") == own.partner_fund_id)
    known = holders(rows, own.as_of)
    problems = list(_wrong_lists(own, known, items, state))
    taken.problems.extend(problems)
    if problems or any(
        row["amount"] is None or "amount" in wrong[row["sheet"]].get(row["row_number"], ())
        for row in own.rows
    ):
        return
    proposals = propose(own, known, state)
    changed = {name_key(each.investor) for each in proposals}
    repeated = [row for row in own.rows if name_key(row["investor"]) not in changed]
    first = [row for row in repeated if _is_first(row, known)]
    taken.rows = _with(taken.rows, first)
    taken.equal += len(repeated) - len(first)
    taken.problems.extend(_other_kinds([row for row in repeated if row not in first], known, items))
    if not proposals:
        return
    later = rows.filter(pl.col("effective_on") > own.as_of)["effective_on"].max()
    if isinstance(later, date):
        taken.problems.append(_asked("snapshot_older", own, proposals, items, {"later": str(later)}))
        return
    taken.proposals.extend(proposals)
    if accepted:
        note = say(
            "snapshot.note_zh",
            "zh",
            as_of=str(own.as_of)[: {"year": 4, "month": 7}.get(own.precision, 10)],
            listed="{listed}",
            known="{known}",
        )
        taken.rows = _with(taken.rows, list(as_rows(proposals, known, note)))
    else:
        taken.problems.append(_asked("snapshot_proposed", own, proposals, items, {}))


def _is_first(row: Mapping[str, Any], known: Mapping[str, Holder]) -> bool:
    """Whether a listed balance is an investor's one commitment, which it then describes."""
    holder = known.get(name_key(row["investor"]))
    return holder is not None and [each["row_key"] for each in holder.rows] == [row["row_key"]]


def _with(rows: pl.DataFrame, more: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    if not more:
        return rows
    names = [name for name in schema(TABLE) if name != "row_key"]
    types = {name: schema(TABLE)[name] for name in names} | {"sheet": pl.String(), "row_number": pl.Int64()}
    made = pl.DataFrame([{name: row.get(name) for name in types} for row in more], schema=types, orient="row")
    made = made.with_columns(row_key(TABLE), pl.lit(value=False).alias("_bad"))
    return pl.concat([rows, made.select(rows.columns).cast(rows.schema)])


def _wrong_lists(
    own: List, known: Mapping[str, Holder], items: Sequence[Parsed], state: State
) -> Iterator[Problem]:
    """What cannot be balances: amounts below zero, another currency than the ledger's."""
    funds = dict(state["partner_fund"].select("partner_fund_id", "currency").iter_rows())
    usual = funds.get(own.partner_fund_id)
    for row in own.rows:
        place = {**place_in(_item(items, row["sheet"]), "amount"), "row": row["row_number"]}
        if row["amount"] is not None and row["amount"] < 0:
            yield Problem("snapshot_negative", value=f"{row['amount']:f}", **place)
        holder = known.get(name_key(row["investor"]))
        before = (holder.newest["currency"] or usual) if holder else usual
        now = row["currency"] or usual
        if before and now and before != now:
            yield Problem(
                "snapshot_currency", value=now, about={"other": before, "investor": row["investor"]}, **place
            )


def _other_kinds(
    rows: Sequence[Mapping[str, Any]], known: Mapping[str, Holder], items: Sequence[Parsed]
) -> Iterator[Problem]:
    """Investors whose balance is known and whose kind the list gives otherwise: nothing is changed, but said."""
    column = find_column(TABLE, "kind")
    for row in rows:
        newest = known[name_key(row["investor"])].newest if name_key(row["investor"]) in known else None
        if newest and row["kind"] and newest["kind"] != row["kind"]:
            words = {each.value: each for each in column.choices}
            about = {"investor": newest["investor"]}
            for lang in LANGS:
                about |= {
                    f"kind_{lang}": str(getattr(words[row["kind"]], lang)),
                    f"other_{lang}": str(getattr(words[newest["kind"]], lang)),
                }
            yield Problem("snapshot_kind_differs", "warning", row=row["row_number"], value=words[row["kind"]].zh, about=about,
                          **place_in(_item(items, row["sheet"]), "kind"))  # fmt: skip


def _asked(
    code: str, own: List, proposals: Sequence[Proposal], items: Sequence[Parsed], about: Mapping[str, str]
) -> Problem:
    first = own.rows[0]
    words = {"fund": own.partner_fund_id, "as_of": str(own.as_of), "count": str(len(proposals)), **about}
    words |= {f"list_{lang}": listed_words(proposals, lang) for lang in LANGS}
    return Problem(
        code,
        "warning",
        row=first["row_number"],
        about=words,
        **place_in(_item(items, first["sheet"]), "amount"),
    )


def listed_words(proposals: Sequence[Proposal], lang: Lang) -> str:
    """Proposals in words, the first of them."""
    found = [
        say("snapshot.change", lang, investor=each.investor, reason=reason_words(each, lang), amount=signed(each.amount, lang),
            listed=plain(each.listed or 0, lang, 2, fixed=True), known=plain(each.known, lang, 2, fixed=True))
        for each in proposals[:_SHOWN]
    ]  # fmt: skip
    more = say("snapshot.more", lang, count=len(proposals) - _SHOWN) if len(proposals) > _SHOWN else ""
    return say("snapshot.join", lang).join(found) + more


def reason_words(each: Proposal, lang: Lang) -> str:
    """A proposal's reason as people call it."""
    choices = find_column(TABLE, "reason").choices
    return next(str(getattr(choice, lang)) for choice in choices if choice.value == each.reason)


def _item(items: Sequence[Parsed], sheet: str) -> Parsed:
    return next(item for item in items if item.raw.sheet == sheet)
