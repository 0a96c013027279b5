"""审计取证单: a working paper out of a finding or of a query, as a Word document with blanks for those who sign and stamp."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.reports.finding_words import at_stake, sentence
from fundtrack.reports.finding_words import figure as in_unit
from fundtrack.reports.imprint import Imprint, imprint
from fundtrack.reports.pack.fixed import blank, footer, grid, heading, saved
from fundtrack.store.ledger import Ledger
from fundtrack.store.trace import Place, Wanted, places
from fundtrack.text.problems import field_title
from fundtrack.text.say import Lang, say

ReadBack = Callable[[Iterable[Place]], Mapping[Wanted, str | None]]
_SHOWN: Final = 40
"""Rows of an answer, and sources, that a paper lists; the whole of it is said in numbers."""


@dataclass(frozen=True)
class Paper:
    """What a working paper says.

    Attributes:
        matter, summary, basis: what it is about, in a sentence, and by which rule, with its force.
        sql: the question's full text.
        answer: its rows.
        totals: sum of each column of money by currency: column, currency, sum.
        sources: file, SHA-256, sheet!cell, value as written.
        imprint: edition, head hash and time of the data.
        annex: heads and rows of the answer as people read them; empty: as the query gives them.
    """

    matter: str
    summary: str
    basis: str
    sql: str
    answer: pl.DataFrame
    totals: Sequence[tuple[str, str, str]]
    sources: Sequence[tuple[str, str, str, str]]
    imprint: Imprint
    annex: tuple[Sequence[str], Sequence[Sequence[str]]] = ((), ())

    @property
    def edition(self) -> int:
        """Edition of the data."""
        return self.imprint.edition


@dataclass(frozen=True)
class Heading:
    """What people add: project, unit audited, auditors, day; blank where not given."""

    project: str | None = None
    unit: str | None = None
    auditors: str | None = None
    made_on: date | None = None


def of_finding(ledger: Ledger, finding_id: str, read_back: ReadBack, lang: Lang) -> Paper:
    """A paper of a finding that the edition keeps.

    Raises:
        InputError: `finding_unknown`.
    """
    found = ledger.query("SELECT * FROM finding WHERE finding_id = $1", [finding_id])
    if found.is_empty():
        raise InputError("finding_unknown", finding=finding_id)
    row = found.row(0, named=True)
    quoted = finding_id.replace("'", "''")
    sql = f"SELECT * FROM finding_evidence WHERE finding_id = '{quoted}' ORDER BY ordinal"  # noqa: S608 - quoted
    evidence = ledger.query(sql)
    wanted = [(line["table_name"], line["row_key"], line["field"] or _speaking(line["table_name"]))
              for line in evidence.iter_rows(named=True) if line["row_key"]]  # fmt: skip
    amount = () if row["amount"] is None else (("amount", row["currency"] or "", str(row["amount"])),)
    made = _paper(
        ledger, say("workpaper.of_finding", lang, rule=_rule(ledger, row["rule_id"], lang), entity=_named(ledger, row)),
        _summary(row, evidence.to_dicts(), lang),
        f"{row['source'] or '—'}（{row['force'] or '—'}）", f"SELECT * FROM finding WHERE finding_id = '{quoted}';\n{sql};",  # noqa: S608 - quoted
        evidence, amount, _sources(ledger, wanted, read_back),
    )  # fmt: skip
    return replace(made, annex=_evidence(evidence, lang))


def _named(ledger: Ledger, row: Mapping[str, Any]) -> str:
    """The entity's id, with the name of its fund."""
    funds = ledger["partner_fund"].filter(pl.col("partner_fund_id") == row["partner_fund_id"])["name"]
    return f"{row['entity']}（{funds[0]}）" if funds.len() else str(row["entity"])


def _evidence(evidence: pl.DataFrame, lang: Lang) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """The evidence in words: number, table, row, field, what it is in the finding."""
    heads = ["#", *[say(f"findings.{name}", lang) for name in ("table", "key", "field", "role")]]
    rows = [
        [str(line["ordinal"]), str(getattr(TABLES[line["table_name"]].info, lang)), str(line["row_key"] or "—"),
         field_title(line["table_name"], line["field"], lang) if line["field"] else "—", say(f"finding.role_{line['role']}", lang)]
        for line in evidence.iter_rows(named=True)
    ]  # fmt: skip
    return heads, rows


def of_query(ledger: Ledger, sql: str, answer: pl.DataFrame, read_back: ReadBack, lang: Lang) -> Paper:
    """A paper of a query's answer; its rows lead to their cells where they name table and row key."""
    wanted: list[Wanted] = []
    if {"table_name", "row_key"} <= set(answer.columns):
        wanted = [
            (line["table_name"], line["row_key"], line.get("field") or _speaking(line["table_name"]))
            for line in answer.head(_SHOWN).iter_rows(named=True)
            if line["table_name"] in ledger
        ]
    totals = [(column, of, total) for _, _, column, of, total in _totals(answer) if column]
    words = say("workpaper.of_query", lang, rows=answer.height)
    return _paper(
        ledger,
        say("workpaper.query", lang),
        words,
        "—",
        sql.strip(),
        answer,
        totals,
        _sources(ledger, wanted, read_back),
    )


def _totals(answer: pl.DataFrame) -> list[tuple[str, int, str, str, str]]:
    from fundtrack.reports.pack.tables import control_totals  # noqa: PLC0415 - its module lists the whole catalogue

    # without a currency beside them, amounts may be of several: those are never added
    return list(control_totals("", answer)) if "currency" in answer.columns else []


def _paper(  # noqa: PLR0917 - the paper's own parts, in their order
    ledger: Ledger,
    matter: str,
    summary: str,
    basis: str,
    sql: str,
    answer: pl.DataFrame,
    totals: Sequence[tuple[str, str, str]],
    sources: Sequence[tuple[str, str, str, str]],
) -> Paper:
    return Paper(matter, summary, basis, sql, answer, totals, sources, imprint(ledger))


def _speaking(table: str) -> str:
    """The field by which a row as a whole is shown."""
    names = frames.schema(table)
    return next(
        (name for name in ("amount", "recognised", "committed_size", "commitment", "nav") if name in names),
        frames.key_fields(table)[0],
    )


def _rule(ledger: Ledger, rule_id: str, lang: Lang) -> str:
    known = ledger["rule"].filter(pl.col("rule_id") == rule_id)
    return str(known[f"name_{lang}"][0]) if known.height else rule_id


def _summary(row: Mapping[str, Any], behind: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    unit, currency = row["unit"], row["currency"]
    amount = at_stake(row, lang) if row["amount"] is None else f"{row['amount']:,} {currency or ''}".rstrip()
    return say(
        "workpaper.summary", lang, says=sentence(row, behind, lang), finding=row["finding_id"],
        status=say(f"workpaper.status_{row['status']}", lang), as_of=row["as_of"], value=in_unit(row["value"], unit, currency, lang),
        limit=in_unit(row["limit_value"], unit, currency, lang), amount=amount,
    )  # fmt: skip


def _plain(value: object) -> str:
    """A value of an answer: amounts with thousands, unknown empty."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def _sources(
    ledger: Ledger, wanted: Sequence[Wanted], read_back: ReadBack
) -> list[tuple[str, str, str, str]]:
    known = {table for table, _, _ in wanted} & set(ledger)
    found = places(ledger, [one for one in wanted if one[0] in known])
    raw = read_back(found.values())
    out = []
    for key, place in found.items():
        where = f"{place.sheet or '—'}!{place.cell or '—'}"
        value = raw.get(key)
        out.append((place.file, place.sha256, where, str(place.value if value is None else value)))
    return list(dict.fromkeys(out))


def document(paper: Paper, given: Heading, lang: Lang) -> bytes:
    """The paper as a Word document."""
    made = blank()
    heading(made, say("workpaper.title", lang))
    line = "____________________"
    made_on = given.made_on.isoformat() if given.made_on else say("workpaper.day", lang)
    totals = "；".join(
        f"{column} {of} {Decimal(total):,}".replace("  ", " ") for column, of, total in paper.totals
    ) or say("workpaper.no_sum", lang)
    result = say("workpaper.result_words", lang, rows=paper.answer.height, totals=totals)
    data = say(
        "workpaper.data_words",
        lang,
        edition=paper.edition,
        published=f"{paper.imprint.published_at:%Y-%m-%d %H:%M}",
        head=paper.imprint.head_hash,
    )
    items = [
        ("project", given.project or line), ("unit", given.unit or line), ("matter", paper.matter), ("summary_head", paper.summary),
        ("basis", paper.basis), ("data", data), ("sql", paper.sql), ("result", result), ("auditors", given.auditors or line),
        ("made_on", made_on), ("opinion", say("workpaper.opinion_blank", lang)), ("annexes", say("workpaper.annexes_blank", lang)),
    ]  # fmt: skip
    grid(
        made,
        [3.4, 12.6],
        [[say(f"workpaper.{key}", lang), text] for key, text in items],
        head=False,
        points=10,
    )
    footer(made, paper.imprint.line(lang, whole=True))
    made.add_paragraph()
    if paper.sources:
        count = min(len(paper.sources), _SHOWN)
        made.add_paragraph(say("workpaper.sources", lang, shown=count, all=len(paper.sources)))
        heads = [say(f"workpaper.{key}", lang) for key in ("file", "sha256", "cell", "raw")]
        grid(made, [4.2, 5.4, 3.2, 3.2], [heads, *map(list, paper.sources[:_SHOWN])], points=8)
    else:
        made.add_paragraph(say("workpaper.no_sources", lang))
    _annex(made, paper, lang)
    return saved(made, paper.imprint.published_at)


def _annex(made: Any, paper: Paper, lang: Lang) -> None:
    """The answer's rows, those columns that fit a page."""
    if not paper.answer.height:
        return
    made.add_paragraph()
    count = min(paper.answer.height, _SHOWN)
    made.add_paragraph(say("workpaper.rows", lang, shown=count, all=paper.answer.height))
    heads, rows = paper.annex
    if heads:
        grid(made, [0.8, 3.2, 5.6, 3.6, 2.8], [list(heads), *map(list, rows[:_SHOWN])], points=8)
        return
    shown = paper.answer.select(paper.answer.columns[:8]).head(_SHOWN)
    lines = [[_plain(value) for value in row] for row in shown.iter_rows()]
    grid(made, [16 / len(shown.columns)] * len(shown.columns), [list(shown.columns), *lines], points=7.5)
