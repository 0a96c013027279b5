"""Cases: every fund that ever came into the pipeline, with the days of its milestones, and what was seen of them by a day."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fundtrack.metrics.members import Tables, manager_spells, members, participations
from fundtrack.metrics.once import once

Ints = NDArray[Any]
Floats = NDArray[Any]
"""What arrays hold, said for the reader: numpy's own types lose track of it."""

NEVER: Final = 10**8
"""The day number of what has not happened: later than any day."""
EPOCH: Final = date(1970, 1, 1)
_DAYS: Final = ("applied", "approved", "signed", "established", "dropped", "expected")


def number(day: date) -> int:
    """Count days since 1970-01-01.

    >>> number(date(1970, 1, 31))
    30
    """
    return (day - EPOCH).days


@dataclass(frozen=True, slots=True)
class Cases:
    """One case per venture or angel participation; days as numbers since 1970-01-01, NEVER where not (yet) known.

    Attributes:
        name: participation_id of each.
        entity: the fund it is about; one fund counts once.
        house: whom its manager belongs to, as at signing; empty where unknown.
        applied, approved, signed, established, dropped, expected: its milestones.
        planned: size planned, in the fund's currency; nan where unknown.
        size: size committed at establishment; nan where unknown.
        guidance: guidance money approved, else committed; nan where unknown.
        own: whether the fund is in the currency of the scale target.

    """

    name: NDArray[Any]
    entity: NDArray[Any]
    house: NDArray[Any]
    applied: Ints
    approved: Ints
    signed: Ints
    established: Ints
    dropped: Ints
    expected: Ints
    planned: Floats
    size: Floats
    guidance: Floats
    own: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.name)

    def take(self, which: NDArray[Any]) -> Self:
        """Choose some of the cases."""
        return type(self)(**{each.name: getattr(self, each.name)[which] for each in fields(self)})

    @property
    def counted(self) -> Ints:
        """The later of agreement and establishment: from when the fund counts."""
        return np.maximum(self.signed, self.established)

    @property
    def entered(self) -> Ints:
        """The first milestone known."""
        return np.minimum(np.minimum(self.applied, self.approved), self.signed)

    def by(self, day: int, *, undated: bool = True) -> "Cases":
        """Show what was seen by a day: later cases are not there, later milestones have not happened.

        An approval that nobody dated is taken to have come with the agreement. Of one fund the case that counts
        first stands, else the first still alive, else the first: one fund counts once.

        Args:
            day: the day.
            undated: whether what does not say since when it is known may be used: expected dates, and the size of
                a fund that planned none.

        """
        found = self.take(self.entered <= day)
        masked = {
            name: np.where(getattr(found, name) <= day, getattr(found, name), NEVER) for name in _DAYS[:5]
        }
        signed, approved = masked["signed"], masked["approved"]
        masked["approved"] = np.where((approved == NEVER) & (masked["applied"] < NEVER), signed, approved)
        masked["expected"] = found.expected if undated else np.full(len(found), NEVER)
        planned = np.where(np.isnan(found.planned) & undated, found.size, found.planned)
        seen = Cases(
            **{
                each.name: (masked | {"planned": planned}).get(each.name, getattr(found, each.name))
                for each in fields(found)
            }
        )
        order = np.lexsort((seen.name, seen.entered, seen.dropped < NEVER, seen.counted))
        _, first = np.unique(seen.entity[order].astype(str), return_index=True)
        return seen.take(np.sort(order[first]))


@once
def cases(tables: Tables, currency: str = "CNY") -> Cases:
    """Read every case from the ledger.

    Those that counted once and ended before guidance money came are cases like others: their end is a movement
    of the counted funds, not of the pipeline.
    """
    funds = members(tables)
    stakes = participations(tables).filter("programme")
    principal = funds.filter("principal").select(
        "entity", "target_size", "opening_size", fund_currency_="currency"
    )
    rows = stakes.join(principal, on="entity", how="left", validate="m:1")
    rows = rows.join(_houses(tables, stakes), on="participation_id", how="left", validate="1:1")
    return Cases(
        name=rows["participation_id"].to_numpy(),
        entity=rows["entity"].cast(pl.String).to_numpy(),
        house=rows["house"].fill_null("").to_numpy(),
        applied=_days(rows, "applied_on"),
        approved=_days(rows, "approved_on"),
        signed=_days(rows, "signed_on"),
        established=_days(rows, "set_up_on"),
        dropped=_days(rows, "dropped_on"),
        expected=_days(rows, "expected_on"),
        planned=_amounts(rows, "target_size"),
        size=_amounts(rows, "opening_size"),
        guidance=_amounts(rows, "approved_amount", "commitment"),
        own=(rows["fund_currency_"] == currency).fill_null(value=False).to_numpy(),
    )


def _houses(tables: Tables, stakes: pl.DataFrame) -> pl.DataFrame:
    """List participation_id, house: by the manager as at signing; of the unsigned, by the last one known."""
    spells = stakes.select("participation_id", "partner_fund_id", "signed_on").join(
        manager_spells(tables), on="partner_fund_id"
    )
    day = pl.col("signed_on").fill_null(date.max)
    begun = pl.col("from_on").is_null() | (pl.col("from_on") <= day)
    lasting = pl.col("until_on").is_null() | (day < pl.col("until_on"))
    return (
        spells.filter(begun & lasting)
        .select("participation_id", "house")
        .unique("participation_id", keep="first")
    )


def _days(rows: pl.DataFrame, name: str) -> Ints:
    return rows[name].cast(pl.Int32).cast(pl.Int64).fill_null(NEVER).to_numpy()


def _amounts(rows: pl.DataFrame, *names: str) -> Floats:
    return (
        rows.select(pl.coalesce(pl.col(name).cast(pl.Float64) for name in names).alias("x"))["x"]
        .fill_null(float("nan"))
        .to_numpy()
    )


def of_rows(rows: Sequence[dict[str, Any]]) -> Cases:
    """Make cases of rows by hand: day numbers and amounts; what is left out has not happened or is not known."""
    count = len(rows)
    text = {name: np.array([str(row.get(name, at)) for at, row in enumerate(rows)], dtype=object)
            for name in ("name", "entity", "house")}  # fmt: skip
    days = {name: np.array([row.get(name, NEVER) for row in rows], dtype=np.int64) for name in _DAYS}
    money = {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)
             for name in ("planned", "size", "guidance")}  # fmt: skip
    own = np.array([row.get("own", True) for row in rows], dtype=bool) if count else np.zeros(0, bool)
    return Cases(**text, **days, **money, own=own)
