"""Histories drawn from a known law: applications with a season, delays, drops, sizes; and futures of the same law."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from fundtrack.metrics.forecast.cases import NEVER, Cases, of_rows

STAGES = 3


@dataclass(frozen=True)
class Law:
    """What governs a history. Nothing of it is known to the forecast, nor is it of the forecast's form: the season goes by
    months and not by quarters, delays are log-normal, drops come by a gamma law of their own.

    rate: applications a year; rush: how much more in the last months of a year; hurry: how much faster
    establishment runs in November and December; medians and spreads of the three delays in days; drop: chance
    per stage to be given up and after how many days; size: median and spread; old: share of known houses.
    """

    rate: float
    rush: np.ndarray
    hurry: np.ndarray
    medians: tuple
    spreads: tuple
    drop: tuple
    drop_days: float
    size: float
    spread: float
    houses: float


def law(rng):
    """A law of a programme: 8 to 40 applications a year, two to seven months from there to the fund."""
    rush = np.ones(12)
    rush[rng.integers(8, 12)] += rng.uniform(0, 2)
    rush[1] *= rng.uniform(0.3, 1)  # the new year's holidays
    hurry = np.ones(12)
    hurry[10:] += rng.uniform(0, 1.5)
    return Law(
        rate=rng.uniform(8, 40), rush=12 * rush / rush.sum(), hurry=hurry,
        medians=(rng.uniform(30, 90), rng.uniform(20, 90), rng.uniform(15, 60)),
        spreads=tuple(rng.uniform(0.2, 0.7, 3)), drop=tuple(rng.uniform(0, 0.12, 3)), drop_days=rng.uniform(80, 300),
        size=rng.uniform(4e7, 3e8), spread=rng.uniform(0.3, 0.9), houses=rng.uniform(0.2, 0.8),
    )  # fmt: skip


def months(days):
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12


class World:
    """One history from its first day until the end of its last year."""

    def __init__(self, rng, first_year=2009, last_year=2017):
        self.rng, self.law = rng, law(rng)
        self.first, self.last = np.datetime64(f"{first_year}-01-01"), np.datetime64(f"{last_year}-12-31")
        self.begin, self.end = self.first.astype(int), self.last.astype(int)
        days = np.arange(self.begin, self.end + 4000)
        # the season of applications; the clock of establishment, which runs faster towards the end of a year
        self.intensity = self.law.rate / 365.25 * self.law.rush[months(days)]
        self.clock = np.concatenate([[0.0], np.cumsum(self.law.hurry[months(days)])])
        self.all_days = days
        self.rows = self._cases(self.begin, self.end, 0)

    def _cases(self, after, until, serial):
        """Cases that apply in (after, until], with their whole lives."""
        rng, here = self.rng, slice(after - self.begin + 1, until - self.begin + 1)
        applied = np.repeat(self.all_days[here], rng.poisson(self.intensity[here]))
        return [self._life({"applied": int(day)}, 0, 0.0, serial + at) for at, day in enumerate(applied)]

    def _life(self, row, stage, waited, serial):
        """Finish a case that stands in a stage and has waited there so long without anything happening."""
        rng, law = self.rng, self.law
        names = ("applied", "approved", "signed", "established")
        row = dict(row)
        row.setdefault("name", f"PA{serial:05d}")
        row.setdefault("entity", f"PF{serial:05d}")
        if "planned" not in row:
            row["planned"] = round(float(law.size * np.exp(law.spread * rng.standard_normal())), 2)
            row["size"] = round(row["planned"] * float(rng.choice([1.0, 1.0, 0.9, 0.8, 1.1])), 2)
            row["house"] = f"H{serial}" if rng.random() < law.houses else f"K{rng.integers(20)}"
        while stage < STAGES:
            start = row[names[stage]]
            while True:
                wait = law.medians[stage] * np.exp(law.spreads[stage] * rng.standard_normal())
                lost = rng.gamma(2.0, law.drop_days / 2) if rng.random() < law.drop[stage] else np.inf
                if stage == 2:  # the wait runs by the clock
                    place = np.searchsorted(self.clock, self.clock[start - self.begin] + wait) + self.begin
                    wait = float(place - start)
                lasts = min(int(wait), lost if lost == np.inf else int(lost))
                if lasts > waited or (waited == 0.0 and lasts >= 0):
                    break
            if lost < int(wait):
                row["dropped"] = start + int(lost)
                return row
            row[names[stage + 1]] = start + int(wait)
            stage, waited = stage + 1, 0.0
        return row

    def cases(self):
        return of_rows(self.rows)

    def future(self, seen_on):
        """Another future of the same law after what was seen by a day: (cases) with the pasts unchanged."""
        rows = []
        for row in self.rows:
            if row["applied"] > seen_on:
                continue
            known = {
                name: value
                for name, value in row.items()
                if name in {"name", "entity", "house", "planned", "size"}
            }
            passed = [
                name
                for name in ("applied", "approved", "signed", "established")
                if row.get(name, NEVER) <= seen_on
            ]
            known |= {name: row[name] for name in passed}
            if row.get("dropped", NEVER) <= seen_on:
                rows.append(known | {"dropped": row["dropped"]})
            elif len(passed) == 4:
                rows.append(known)
            else:
                known["size"] = round(known["planned"] * float(self.rng.choice([1.0, 1.0, 0.9, 0.8, 1.1])), 2)
                rows.append(self._life(known, len(passed) - 1, float(seen_on - row[passed[-1]]), 0))
        rows += self._cases(seen_on, self.end, len(self.rows) + 1)
        return of_rows(rows)


def truth(cases: Cases, day, start):
    """Funds, scale and new houses of the year, as they are on a day."""
    counted = cases.counted <= day
    houses = {}
    for house, signed in zip(cases.house, cases.signed, strict=True):
        houses[house] = min(houses.get(house, NEVER), signed)
    return np.array(
        [counted.sum(), cases.size[counted].sum(), sum(start < on <= day for on in houses.values())]
    )


def ledger_rows(world):
    """The history as rows of the data dictionary, its plan the year 2017, as of its last day but one quarter."""
    tables = {
        "guidance_fund": [{"guidance_fund_id": "GF1", "name": "示例引导基金", "kind": "venture", "currency": "CNY"}],
        "manager": [], "partner_fund": [], "participation": [],
        "target": [
            {"code": code, "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": code, "value": value, "unit": unit,
             "currency": currency, "source": "示例"}
            for code, value, unit, currency in (("partner_funds", 90, "只", None), ("fund_scale", 10**10, "元", "CNY"),
                                                ("new_managers", 10, "家", None))
        ],
    }  # fmt: skip
    houses = sorted({row["house"] for row in world.rows})
    tables["manager"] = [
        {"manager_id": f"VC{house}", "name": f"示例{house}", "group_name": house} for house in houses
    ]
    for row in world.rows:
        days = {
            name: date.fromordinal(row[name] + date(1970, 1, 1).toordinal()) for name in NAMES if name in row
        }
        tables["partner_fund"].append({
            "partner_fund_id": row["entity"], "name": f"示例{row['entity']}", "manager_id": f"VC{row['house']}", "currency": "CNY",
            "target_size": row["planned"], "committed_size": row["size"] if "established" in row else None,
            "established_on": days.get("established"),
        })  # fmt: skip
        tables["participation"].append({
            "participation_id": row["name"], "guidance_fund_id": "GF1", "partner_fund_id": row["entity"], "currency": "CNY",
            "applied_on": days.get("applied"), "approved_on": days.get("approved"), "signed_on": days.get("signed"),
            "dropped_on": days.get("dropped"),
        })  # fmt: skip
    return tables


NAMES = ("applied", "approved", "signed", "established", "dropped")
