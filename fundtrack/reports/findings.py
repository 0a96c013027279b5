"""Findings on a day as known at an edition: by rule, by fund, each with its evidence, what bound and what people decided."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.exact import added
from fundtrack.metrics.rules.every import RULES
from fundtrack.metrics.rules.finding import CLEARED, STATUSES
from fundtrack.reports.finding_words import rule_name, sentence
from fundtrack.reports.found import found_in, found_nothing
from fundtrack.reports.progress import json_rows
from fundtrack.store.ledger import Ledger
from fundtrack.text.numbers import money
from fundtrack.text.say import Lang, say

Row = dict[str, Any]
_KINDS: Final = 5
"""So many rules are named in the line of the overview; the rest are in the count."""


class Counted(NamedTuple):
    """A number of the line about findings.

    Attributes:
        text: as it is written.
        status, rule: of which findings it is the count.
        figure, currency: or which figure of the trace it is.
    """

    text: str
    status: str = ""
    rule: str = ""
    figure: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class FindingsReport:
    """What the rules say on a day.

    Attributes:
        as_of: the day; None where nothing has been loaded.
        edition: what was known.
        rows: every subject examined, with the columns of FINDING, and `name`, `fund` (names) and `open` (asks for something); of a large ledger
            those that are not clear.
        evidence: the rows behind, with the columns of EVIDENCE.
        rules: the rows of 规则, the newest of each rule first.
        actions: every action, with the finding it is about.
        guidance: partner_fund_id, currency, paid: guidance money paid into each fund.
        public: what stands beside OVER_CAP, by fund.
        cleared: how many that are clear are not among `rows`, by rule and fund.
    """

    as_of: date | None
    edition: int | None
    rows: pl.DataFrame
    evidence: pl.DataFrame
    rules: tuple[Row, ...]
    actions: pl.DataFrame
    guidance: pl.DataFrame
    public: pl.DataFrame
    cleared: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CLEARED))
    _counted: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def board(self) -> list[Row]:
        """A row a rule: rule_id, force, how many of each status, and how many are open."""
        found: list[Row] = self._once("board", self._board)
        return found

    @property
    def examined(self) -> int:
        """How many subjects were examined."""
        return self.rows.height + self.unlisted

    @property
    def unlisted(self) -> int:
        """How many clear subjects are counted and not listed; 0 but for a large ledger."""
        return int(self.cleared["clear"].sum())

    def counted_only(self, lang: Lang) -> str:
        """That clear subjects are counted and not listed, and how many; empty where all are listed."""
        return say("findings.counted_only", lang, n=self.unlisted) if self.unlisted else ""

    def _once(self, what: str, count: Callable[[], Any]) -> Any:
        """What is counted of all rows, counted once: a page that is shown again, as after every click, shows the same."""
        if what not in self._counted:
            self._counted[what] = count()
        return self._counted[what]

    def _board(self) -> list[Row]:
        counts = self.rows.group_by("rule_id").agg(
            *[(pl.col("status") == status).sum().alias(status) for status in STATUSES], pl.col("open").sum()
        )
        known = {row["rule_id"]: row for row in counts.iter_rows(named=True)}
        none = dict.fromkeys((*STATUSES, "open"), 0)
        board = [{"rule_id": rule_id} | none | known.get(rule_id, {}) for rule_id in RULES]
        cleared = dict(self.cleared.group_by("rule_id").agg(pl.col("clear").sum()).iter_rows())
        return [row | {"clear": row["clear"] + cleared.get(row["rule_id"], 0)} for row in board]

    def only(self, funds: Iterable[str]) -> "FindingsReport":
        """Keep what is about some partner funds."""
        own = pl.col("partner_fund_id").is_in(list(funds))
        return replace(self, rows=self.rows.filter(own), cleared=self.cleared.filter(own))

    def name(self, rule_id: str, lang: Lang) -> str:
        """What a rule is called."""
        return rule_name(self.rules, rule_id, lang)

    def says(self, row: Mapping[str, Any], lang: Lang) -> str:
        """What a finding says."""
        missing = self.behind(row["finding_id"]) if row["status"] == "incomplete" else []
        return sentence(row, missing, lang)

    def behind(self, finding_id: str) -> list[Row]:
        """The evidence of a finding, in order."""
        return self.evidence.filter(pl.col("finding_id") == finding_id).to_dicts()

    def one(self, finding_id: str) -> Row:
        """A finding by its id.

        Raises:
            InputError: `finding_unknown`.
        """
        found = self.rows.filter(pl.col("finding_id") == finding_id).to_dicts()
        if not found:
            raise InputError("finding_unknown", finding=finding_id)
        return found[0]

    def history(self, finding_id: str) -> list[Row]:
        """What was decided about a finding, newest first."""
        return self.actions.filter(pl.col("finding_id") == finding_id).to_dicts()[::-1]

    def summary(self, lang: Lang) -> str:
        """Write the line of the overview: how much is suspected and of what kinds, then hints and what is missing."""
        return self._said(lang)[0]

    def summary_figures(self, lang: Lang) -> tuple[Counted, ...]:
        """List the numbers of that line as they are written there, in order."""
        return self._said(lang)[1]

    def _said(self, lang: Lang) -> tuple[str, tuple[Counted, ...]]:
        found: tuple[str, tuple[Counted, ...]] = self._once(f"line {lang}", lambda: self._line(lang))
        return found

    def _line(self, lang: Lang) -> tuple[str, tuple[Counted, ...]]:
        open_ = self.rows.filter("open")
        count = {status: open_.filter(pl.col("status") == status).height for status in STATUSES}
        others = {
            "hints": count["hint"],
            "incomplete": self.rows.filter(pl.col("status") == "incomplete").height,
        }
        rest = (
            Counted(str(others["hints"]), status="hint"),
            Counted(str(others["incomplete"]), status="incomplete"),
        )
        own = open_.filter(pl.col("status") == "suspected")
        if own.is_empty():
            return say("finding.summary_none", lang, **others), rest
        kinds = own.group_by("rule_id").len().sort("len", "rule_id", descending=[True, False])
        most = kinds.head(_KINDS).rows()
        listed = say("finding.join", lang).join(
            say("finding.kind", lang, name=self.name(rule, lang), n=n) for rule, n in most
        )
        if kinds.height > _KINDS:
            listed = say("finding.and_others", lang, kinds=listed)
        funds = own["partner_fund_id"].drop_nulls().unique()
        paid = self.guidance.filter(pl.col("partner_fund_id").is_in(funds.implode()))
        sums = paid.group_by("currency").agg(paid=added(pl.col("paid"))).sort("currency").iter_rows()
        words = [(money(amount, currency, lang), currency) for currency, amount in sums if amount]
        text = say("finding.summary", lang, suspected=own.height, funds=funds.len(),
                   money=say("finding.join", lang).join(each for each, _ in words), kinds=listed, **others)  # fmt: skip
        return text, (
            Counted(str(own.height), status="suspected"), Counted(str(funds.len()), figure="findings_funds"),
            *[Counted(each, figure="findings_paid", currency=currency) for each, currency in words],
            *[Counted(str(n), status="suspected", rule=rule) for rule, n in most], *rest,
        )  # fmt: skip

    def as_json(self, *, clear: bool = False, lang: Lang = "zh") -> Row:
        """Show the report as JSON: findings with their evidence (the clear ones where asked), and the board.

        `clear_not_listed` counts the clear ones that are in the board and, in a large ledger, never among the findings.
        Amounts are texts with two decimals; `value` and `limit` are numbers in `unit`.
        """
        rows = self.rows if clear else self.rows.filter(pl.col("status") != "clear")
        behind: dict[str, list[Row]] = {}
        for each in self.evidence.iter_rows(named=True):
            behind.setdefault(each["finding_id"], []).append(
                {
                    "table": each["table_name"],
                    "row_key": each["row_key"],
                    "field": each["field"],
                    "role": each["role"],
                }
            )
        shown = []
        for row in json_rows(rows.drop("limit_value", "as_of")):
            limit = {"limit": None, "says": None, "evidence": behind.get(row["finding_id"], [])}
            shown.append(row | limit)
        for out, row in zip(shown, rows.iter_rows(named=True), strict=True):
            out["limit"], out["says"] = row["limit_value"], self.says(row, lang)
        board = [row | {"name": self.name(row["rule_id"], lang)} for row in self.board()]
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "rules": board,
            "clear_not_listed": self.unlisted,
            "findings": shown,
        }


def findings_report(ledger: Ledger, as_of: date | None = None) -> FindingsReport:
    """Find everything on a day, by default the newest date of any cover."""
    day = as_of or ledger.default_as_of
    rules = ledger["rule"].sort("in_force_from", descending=True, nulls_last=True).to_dicts()
    found = found_nothing() if day is None else found_in(ledger, day)
    return FindingsReport(
        day, ledger.edition, found.rows, found.evidence, tuple(rules), found.actions, found.guidance, found.public, found.cleared
    )  # fmt: skip
