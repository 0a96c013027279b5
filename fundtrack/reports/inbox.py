"""收件台账: which sender owes which report of which fund, what has come, what was sent back, what is late or missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date
from typing import Any, Final, Literal

import polars as pl

from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.rhythm import KINDS, RHYTHMS, Told, due, owes, period_of, periods_between, rhythm_of
from fundtrack.model.fields import name_key
from fundtrack.model.frames import key_fields
from fundtrack.periods import period_end
from fundtrack.store.ledger import Ledger
from fundtrack.store.returned import Returned

Status = Literal["received", "late", "returned", "missing", "not_yet_due"]
STATUSES: Final[tuple[Status, ...]] = ("missing", "returned", "not_yet_due", "late", "received")
OPEN: Final = ("missing", "returned", "not_yet_due")
_EXPECTED: Final = {
    *key_fields("fund_report"),
    "row_key",
    "due_on",
    "currency",
    "voucher_no",
    "note",
    "batch_id",
    "sheet",
    "row_number",
}
"""Columns that a row may have which only says that a report is due."""


@dataclass(frozen=True)
class Owed:
    """One report that one sender owes.

    Attributes:
        sender: who last reported the fund, else the name of its manager.
        partner_fund_id, fund: of which fund.
        period: as `2017Q3`.
        kind: 季报, 半年报 or 年报 (an audit report counts as the year's).
        due_on: by when.
        due_from: `stated` by a row, the `habit` of earlier reports, or `statute`.
        status: `received` in time or without a day of its own, `late`, else `returned` (the sender's last file was sent
            back), `missing` (past due) or `not_yet_due`.
        filed_on: 实报日期 as stated.
        days_late: days after the due date, until filed or until the day looked at.
        file, batch_id: what brought it; of a returned one the file that was sent back.
        errors: of the file sent back.
    """

    sender: str
    partner_fund_id: str
    fund: str
    period: str
    kind: str
    due_on: date
    due_from: str
    status: Status
    filed_on: date | None = None
    days_late: int | None = None
    file: str | None = None
    batch_id: str | None = None
    errors: int | None = None


@dataclass(frozen=True)
class Inbox:
    """The inbox for one period.

    Attributes:
        edition: as known at.
        as_of: the day that due dates are compared with.
        period: the period; None where no report has ever come.
        periods: periods to choose from, newest first.
        owed: every report owed, by sender and fund.
        unread: files sent back whose sender is not known.
    """

    edition: int | None
    as_of: date
    period: str | None
    periods: tuple[str, ...]
    owed: tuple[Owed, ...]
    unread: tuple[Returned, ...] = ()

    def counts(self, sender: str | None = None) -> dict[str, int]:
        """How many are owed (`due`), have come (`received`, of which `late`), and how the others stand."""
        own = [each.status for each in self.owed if sender in {None, each.sender}]
        found = {status: own.count(status) for status in STATUSES}
        return {"due": len(own)} | found | {"received": found["received"] + found["late"]}

    def as_json(self) -> dict[str, Any]:
        """The inbox by sender."""
        senders = list(dict.fromkeys(each.sender for each in self.owed))
        return {
            "as_of": self.as_of, "edition": self.edition, "period": self.period, **self.counts(),
            "senders": [
                {"sender": name, **self.counts(name), "reports": [asdict(each) for each in self.owed if each.sender == name]}
                for name in senders
            ],
            "unread": [asdict(each) for each in self.unread],
        }  # fmt: skip


def usual_day(ledger: Ledger) -> date | None:
    """The day an inbox is looked at where nobody names one: when the edition was published, or its newest 截至日期 if later.

    Reports of a quarter come after its end, so that on its last day, which other reports show, nothing would be missing.
    """
    editions = ledger.editions()
    published = [editions["published_at"][-1].date()] if editions.height else []
    return max([*published, *([ledger.default_as_of] if ledger.default_as_of else [])], default=None)


def inbox(ledger: Ledger, as_of: date, period: str | None = None, returned: Sequence[Returned] = ()) -> Inbox:
    """List every report owed for a period, with what became of it.

    A fund owes while guidance money is agreed in it, from its establishment or its first report of the kind, until its
    liquidation; a row of 基金定期报告 that states 应报日期 makes a report owed, too. What has come is a matter of the edition;
    `as_of` decides what is past due.

    Args:
        ledger: as known at an edition.
        as_of: the day that due dates are compared with.
        period: as `2017Q3`; without one the newest that ended by then and of which a report has come.
        returned: files sent back.
    """
    reports = _reports(ledger)
    come = sorted({(period_end(row["period"]), row["period"]) for row in reports if row["came"]})
    ended = [(end, code) for end, code in come if end <= as_of]
    newest = max((end for end, _ in ended), default=None)
    chosen = period or min((code for end, code in ended if end == newest), key=_short, default=None)
    if chosen is None:
        return Inbox(ledger.edition, as_of, None, (), ())
    beyond = min(as_of, date(newest.year + 1, newest.month, 28)) if newest else as_of
    choices = periods_between(come[0][0], beyond) if come else [chosen]
    choices += [chosen] if chosen not in choices else []
    senders, sent_back = _senders(ledger), _sent_back(ledger, returned)
    owed = _owed(ledger, chosen, reports)
    found = [_settled(row, senders, sent_back, as_of) for row in owed]
    unread = tuple(each for each in returned if each.sender is None)
    ordered = sorted(found, key=lambda each: (each.sender, each.partner_fund_id))
    return Inbox(ledger.edition, as_of, chosen, tuple(choices), tuple(ordered), unread)


def _short(code: str) -> tuple[int, str]:
    return ("quarter", "half", "year").index(rhythm_of(code)), code


def _reports(ledger: Ledger) -> list[dict[str, Any]]:
    """Every row of 基金定期报告: its period in the rhythm of its kind, whether it is a report or only says that one is due, its file."""
    files = ledger.batches().select("batch_id", "file_name")
    placed = ledger.placed("fund_report").join(files, on="batch_id", how="left", validate="m:1")
    columns = [name for name in ledger["fund_report"].columns if not name.endswith("_precision")]
    said = [name for name in columns if name not in _EXPECTED]
    rows = placed.with_columns(came=pl.any_horizontal(pl.col(said).is_not_null())).iter_rows(named=True)
    return [
        row | {"period": period_of(row["period"], row["kind"]), "rhythm": RHYTHMS.get(row["kind"], "year")}
        for row in rows
    ]


def _owed(ledger: Ledger, period: str, reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every report owed for a period: fund, due date and, where one has come, its row."""
    end, rhythm = period_end(period), rhythm_of(period)
    own = [row for row in reports if row["rhythm"] == rhythm]
    told = [
        (row, (period_end(row["period"]), row["due_on"]))
        for row in own
        if row["due_on"] and period_end(row["period"]) < end
    ]
    now = {
        row["partner_fund_id"]: row
        for row in sorted((row for row in own if row["period"] == period), key=_first)
    }
    first = {
        row["partner_fund_id"]: period_end(row["period"])
        for row in sorted(own, key=lambda row: period_end(row["period"]), reverse=True)
    }
    sent: dict[str, set[str]] = {}
    for row in reports:
        sent.setdefault(row["partner_fund_id"], set()).add(row["rhythm"])
    found = []
    for fund in funds_at(ledger, end).iter_rows(named=True):
        name = fund["partner_fund_id"]
        mine = now.get(name)
        stated = mine["due_on"] if mine else None
        if not stated and not (
            _reporting(fund, end)
            and owes(rhythm, frozenset(sent.get(name, ())), end)
            and first.get(name, end) <= end
        ):
            continue
        habit: list[Told] = [days for other, days in told if other["partner_fund_id"] == name]
        day, why = (stated, "stated") if stated else due(rhythm, end, habit, [days for _, days in told])
        found.append(
            {
                "fund": fund,
                "row": mine if mine and mine["came"] else None,
                "period": period,
                "kind": KINDS[rhythm],
                "due_on": day,
                "due_from": why,
            }
        )
    return found


def _first(row: Mapping[str, Any]) -> tuple[bool, int]:
    """What speaks for a report where several rows do, last: one that has come, the earliest filed."""
    return row["came"], -(row["filed_on"] or date.max).toordinal()


def _reporting(fund: Mapping[str, Any], end: date) -> bool:
    established = fund["established_on"] is not None and fund["established_on"] <= end
    return established and (fund["guidance_committed"] or 0) > 0 and fund["liquidated_on"] is None


def _senders(ledger: Ledger) -> dict[str, str]:
    """Of each fund who last sent a report of it, in a load that still stands."""
    batches = ledger.batches()
    standing = batches.filter(
        (pl.col("kind") == "load")
        & pl.col("sender").is_not_null()
        & ~pl.col("batch_id").is_in(batches["reverses"].drop_nulls().implode())
    )
    rows = (
        ledger.log("fund_report").join(standing.select("batch_id", "sender"), on="batch_id").sort("batch_id")
    )
    return dict(rows.select("partner_fund_id", "sender").iter_rows())


def _sent_back(ledger: Ledger, returned: Iterable[Returned]) -> dict[str, Returned]:
    """Of each sender the last file sent back, unless a later file of the same sender was taken."""
    loads = ledger.batches().filter((pl.col("kind") == "load") & pl.col("sender").is_not_null())
    taken = {
        name_key(sender): at
        for sender, at in loads.sort("loaded_at").select("sender", "loaded_at").iter_rows()
    }
    found: dict[str, Returned] = {}
    for each in returned:
        key = name_key(each.sender or "")
        at = each.at.astimezone(UTC).replace(tzinfo=None) if each.at.tzinfo else each.at
        if key and (key not in taken or taken[key] < at):
            found[key] = each
    return found


def _settled(
    owed: Mapping[str, Any], senders: Mapping[str, str], sent_back: Mapping[str, Returned], as_of: date
) -> Owed:
    """A report owed with what became of it."""
    fund, row, due_on = owed["fund"], owed["row"], owed["due_on"]
    sender = senders.get(fund["partner_fund_id"]) or fund["manager"] or fund["partner_fund_id"]
    name = fund["name"] or fund["partner_fund_id"]
    about = (sender, fund["partner_fund_id"], name, owed["period"], owed["kind"], due_on, owed["due_from"])
    if row is not None:
        late = (row["filed_on"] - due_on).days if row["filed_on"] and row["filed_on"] > due_on else None
        return Owed(
            *about, "late" if late else "received", row["filed_on"], late, row["file_name"], row["batch_id"]
        )
    late = (as_of - due_on).days if as_of > due_on else None
    back = sent_back.get(name_key(sender) or "")
    if back is not None and (back.as_of is None or back.as_of >= period_end(owed["period"])):
        return Owed(*about, "returned", days_late=late, file=back.file, errors=back.errors)
    return Owed(*about, "missing" if late else "not_yet_due", days_late=late)
