"""The list of partner funds as pages read it: made once of a report, which never changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fundtrack.reports.funds import FundsReport
from fundtrack.ui.drawn import Same

Line = Mapping[str, Any]
MOST: Final = 8
"""Lists that are kept."""


@dataclass(frozen=True, eq=False)
class Listing:
    """Partner funds to choose from.

    Attributes:
        rows: a fund each.
        stakes: the guidance funds of each partner fund.
        managers: name of each manager that has one, by its id, in the order of names.
        statuses: the stages that occur.
    """

    rows: tuple[Line, ...]
    stakes: Mapping[str, set[str]]
    managers: Mapping[str, str]
    statuses: tuple[str, ...]


def listing(report: FundsReport) -> Listing:
    """The funds of a report."""
    return _listing(Same(report))


@lru_cache(maxsize=MOST)
def _listing(held: Same[FundsReport]) -> Listing:
    rows = held.report.funds.to_dicts()
    named = {str(row["manager_id"]): str(row["manager"]) for row in rows if row["manager_id"]}
    managers = {house: named[house] for house in sorted(named, key=named.__getitem__)}
    statuses = tuple(dict.fromkeys(str(row["status"]) for row in rows if row["status"]))
    stakes = held.report.participations.select("partner_fund_id", "guidance_fund_id")
    return Listing(tuple(rows), _guided(stakes.iter_rows()), managers, statuses)


def _guided(stakes: Iterable[tuple[Any, ...]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fund, guidance in stakes:
        found.setdefault(fund, set()).add(guidance)
    return found


@lru_cache(maxsize=MOST)
def lines_of(held: Same[Listing], *_spoken: str) -> dict[str, str]:  # noqa: ARG001 - the list tells one from another
    """A place for a list's lines as HTML in a language and with the links of an address, by fund: each is written when first asked for."""
    return {}
