"""A figure down to the cells: formula, what it is made of, and for each field the file, sheet, cell and value as written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from fundtrack.errors import InputError
from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.lineage.figure import Figure, Part, Value
from fundtrack.metrics.lineage.find import trace
from fundtrack.reports.backtest import Editions
from fundtrack.reports.backtest_trace import PREFIX as TESTED
from fundtrack.reports.backtest_trace import backtest_figure
from fundtrack.reports.forecast_trace import PREFIX, forecast_figure
from fundtrack.reports.plan_trace import PREFIX as PLAN
from fundtrack.reports.plan_trace import plan_figure
from fundtrack.store.ledger import Ledger
from fundtrack.store.trace import Place, Wanted, places, split_address
from fundtrack.text.say import LANGS, Lang, say, sentences

ReadBack = Callable[[Iterable[Place]], Mapping[Wanted, str | None]]
"""Reads cells back from the archived sources."""
FINDING: Final = "finding"
"""The metric of a finding, whose value is its status."""
FIELD: Final = "field"
"""The metric of a single field of the ledger."""


@dataclass(frozen=True, slots=True)
class TraceReport:
    """A figure and where it comes from.

    Attributes:
        figure: what it is, how it is made, its parts and sides.
        as_of, edition: the day, and what was known.
        places: where each part stands.
        raw: what is written there, where it was read back.
        words: how it is made, where that is told of this one figure and not by the catalogue: forecasts, and how they did before.
    """

    figure: Figure
    as_of: date
    edition: int | None
    places: Mapping[Wanted, Place]
    raw: Mapping[Wanted, str | None] = field(default_factory=dict)
    words: Mapping[Lang, str] = field(default_factory=dict)

    def formula(self, lang: Lang) -> str:
        """How it is computed, in words."""
        return self.words.get(lang) or formula_of(self.figure, lang)

    def as_json(self) -> dict[str, Any]:
        """The trace as JSON: all cells with what each contributes to the figure itself, and the tree of what it is made of."""
        own = {(part.table, part.key, part.field) for part in self.figure.parts}
        beside = [part for part in self.figure.all_parts() if (part.table, part.key, part.field) not in own]
        return {
            "figure": self.figure.metric, "of": self.figure.entity, "entity_type": self.figure.entity_type,
            "as_of": self.as_of.isoformat(), "edition": self.edition, "value": shown(self.figure.value),
            "currency": self.figure.currency, "how": self.figure.how, "verdict": self.figure.verdict,
            "residual": self.figure.residual, "formula": {"zh": self.formula("zh"), "en": self.formula("en")},
            "cells": [self.cell(part) for part in self.figure.parts] + [self.cell(part, own=False) for part in beside],
            "sides": [self._side(word, side) for word, side in self.figure.sides],
        }  # fmt: skip

    def _side(self, word: str, side: Figure) -> dict[str, Any]:
        return {
            "side": word, "figure": side.metric, "of": side.entity, "value": shown(side.value), "currency": side.currency,
            "how": side.how, "residual": side.residual, "cells": [self.cell(part) for part in side.parts],
            "sides": [self._side(inner, one) for inner, one in side.sides],
        }  # fmt: skip

    def cell(self, part: Part, *, own: bool = True) -> dict[str, Any]:
        """A part with its place; `contribution` only where it adds to the figure at hand."""
        where = (part.table, part.key, part.field)
        place = self.places.get(where)
        found: dict[str, Any] = {
            "file": None, "sha256": None, "batch_id": None, "sheet": None, "cell": None, "row": None, "header": None, "raw": None,
            "factor": None, "value": None, "origin": "missing",
        }  # fmt: skip
        if place is not None:
            found = {
                "file": place.file, "sha256": place.sha256, "batch_id": place.batch_id, "sheet": place.sheet, "cell": place.cell,
                "row": place.row, "header": place.header, "raw": self.raw.get(where), "value": shown(place.value),
                "factor": None if place.factor is None else f"{place.factor.normalize():f}", "origin": place.origin,
            }  # fmt: skip
        return found | {
            "table": part.table, "key": part.key, "field": part.field, "role": part.role,
            "day": part.day.isoformat() if part.day else None, "contribution": shown(part.amount) if own else None,
        }  # fmt: skip


def trace_report(
    ledger: Ledger,
    figure: str,
    of: str | None = None,
    as_of: date | None = None,
    currency: str | None = None,
    read_back: ReadBack | None = None,
    editions: Editions | None = None,
) -> TraceReport:
    """Trace a figure, by default on the newest date of any cover.

    Args:
        ledger: as known at an edition.
        figure: a target's code, a metric, the id of a finding, `forecast:code`, `plan:…` and `backtest:…` (see `plan_trace.PREFIX`,
            `backtest_trace.PREFIX`), or `table.key.field`.
        of: whose; None for all.
        as_of: the day.
        currency: of which, where the entity has several.
        read_back: reads what is written in the cells; without it `raw` stays empty.
        editions: the store, for what a backtest knew at each past day; without it only what is dated until that day is looked at.

    Raises:
        InputError: `figure_unknown`, `figure_of_unknown`, `figure_not_of`, `row_unknown`, `no_edition`.
    """
    day = as_of or ledger.default_as_of
    if day is None:
        raise InputError("no_edition")
    tables: Any = ledger
    single = split_address(figure)
    words: Mapping[Lang, str] = {}
    stands = ledger
    if figure.startswith(PREFIX):
        found, words = forecast_figure(tables, figure.removeprefix(PREFIX), day)
    elif figure.startswith(PLAN):
        found, words = plan_figure(tables, figure.removeprefix(PLAN), of, currency, day)
    elif figure.startswith(TESTED):
        found, words, stands = backtest_figure(ledger, figure.removeprefix(TESTED), day, editions)
    else:
        found = _single(ledger, *single) if single else trace(tables, figure, of, day, currency)
    if found.metric == FINDING:
        words = _rule_words(ledger, figure.rpartition("-")[0])
    wanted = [(part.table, part.key, part.field) for part in found.all_parts()]
    where = places(stands, wanted)
    if single and not where:
        raise InputError("row_unknown", table=single[0], key=single[1])
    raw = read_back(where.values()) if read_back else {}
    return TraceReport(found, day, ledger.edition, where, raw, words)


def _rule_words(ledger: Ledger, rule_id: str) -> Mapping[Lang, str]:
    """Which rule a finding is of, by its newest name."""
    rows = ledger["rule"].filter(rule_id=rule_id).sort("in_force_from", nulls_last=False)
    names = rows.row(-1, named=True) if rows.height else {}
    return {
        lang: say("trace.of_rule", lang, name=names.get(f"name_{lang}") or rule_id, rule=rule_id)
        for lang in LANGS
    }


def _single(ledger: Ledger, table: str, key: str, name: str) -> Figure:
    """One field of one row; money is a sum of one."""
    rows = ledger.versions(table, [key])
    value: Value = rows[name][-1] if rows.height and rows["op"][-1] == "put" else None
    exact = isinstance(value, Decimal)
    part = Part(table, key, name, value if exact else Decimal(0), "field")  # type: ignore[arg-type]
    currency = rows["currency"][-1] if exact and "currency" in rows.columns and rows.height else None
    return Figure(FIELD, table, f"{key}.{name}", value, "given", currency, (part,))


def formula_of(figure: Figure, lang: Lang) -> str:
    """How a figure is computed, in words; empty where nobody has written them."""
    by, _, looked = figure.metric.partition(":")
    own = f"trace.formula.{figure.metric.replace(':', '_')}"
    for key in (own, f"trace.formula.look_{looked}"):
        if key in sentences(lang):
            return say(key, lang)
    name = "horizon_irr" if by.startswith("horizon_irr") else figure.metric
    return CATALOG[name].formula(lang) if name in CATALOG else ""


def name_of(figure: Figure, lang: Lang) -> str:
    """What a figure is called; one of look-through by what is looked through, and what is told of it."""
    by, _, looked = figure.metric.partition(":")
    own = f"trace.figure.{figure.metric.replace(':', '_')}"
    if own in sentences(lang):
        return say(own, lang)
    if looked:
        named = say(f"companies.{looked}", lang)
        return (
            named
            if by == "all"
            else say("trace.line.looked", lang, by=say(f"companies.by_{by}", lang), name=named)
        )
    return CATALOG[figure.metric].name(lang) if figure.metric in CATALOG else figure.metric


def shown(value: Value) -> Any:
    """A value as JSON shows it: amounts as text with their decimals, ratios as numbers, dates in ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
