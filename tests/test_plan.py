"""What closes the gap: hand-worked cases, and the optimiser against trying everything."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain, combinations

import numpy as np
import pytest
from ledgers import ledger

from fundtrack.metrics.cheapest import Gap, Option, cheapest, further
from fundtrack.metrics.plan import plan


def option(name, size, guidance, house=None):
    return Option(name, Decimal(size), Decimal(guidance), house)


A, B, C = option("A", 100, 20), option("B", 60, 20, "new"), option("C", 50, 9, "new")


@pytest.mark.parametrize(
    ("found", "gap", "names", "extra", "guidance"),
    [
        pytest.param([A, B, C], Gap(), "", 0, 0, id="no gap, no money"),
        pytest.param([A, B, C], Gap(funds=1), "C", 0, 9, id="one fund: the cheapest"),
        pytest.param(
            [A, B, C], Gap(funds=1, scale=Decimal(100)), "A", 0, 20, id="large enough: one of 20, not 9 + 20"
        ),
        pytest.param([A, B, C], Gap(funds=2, scale=Decimal(150)), "AC", 0, 29, id="exactly enough is enough"),
        pytest.param([A, B, C], Gap(scale=Decimal("150.01")), "AB", 0, 40, id="a cent more is not"),
        pytest.param([A, B, C], Gap(houses=1), "C", 0, 9, id="a new house"),
        pytest.param(
            [A, B, C], Gap(houses=2), "C", 1, 9, id="two houses: the pipeline has one, however many its funds"
        ),
        pytest.param(
            [A, B, C], Gap(houses=3), "C", 2, 9, id="three: both further ones and one of the pipeline"
        ),
        pytest.param(
            [A], Gap(funds=1, scale=Decimal(290)), "A", 2, 20, id="of 290, 100 here, 190 in two of 100"
        ),
        pytest.param([], Gap(funds=2), "", 2, 0, id="no pipeline"),
        pytest.param(
            [replace(A, name="late"), A],
            Gap(funds=1),
            "late",
            0,
            20,
            id="of two alike the one that stands first",
        ),
    ],
)
def test_the_cheapest_way(found, gap, names, extra, guidance):
    choice = cheapest(found, gap, Decimal(100))
    assert ["".join(each.name for each in choice.chosen), choice.further, choice.guidance] == [
        names,
        extra,
        guidance,
    ]


def tried(found, gap, usual):
    """The same by trying every set of funds: further funds, guidance money, number of funds."""
    best = None
    sets = chain.from_iterable(combinations(found, many) for many in range(len(found) + 1))
    for chosen in sets:
        size, houses = sum(each.size for each in chosen), len({each.house for each in chosen if each.house})
        more = 0
        while len(chosen) + more < gap.funds or size + more * usual < gap.scale or houses + more < gap.houses:
            more += 1
        cost = (more, sum(each.guidance for each in chosen), len(chosen))
        best = cost if best is None or cost < best else best
    return best


def random_case(rng):
    """Up to ten funds; sizes in cents, in whole millions, or many alike, so that ties and narrow misses occur."""
    grain = rng.choice([1, 10**6, 10**8])
    found = []
    for at in range(rng.integers(0, 11)):
        size = Decimal(int(rng.integers(0, 40 * 10**8 // grain + 1) * grain)) / 100
        guidance = Decimal(int(rng.integers(0, 10 * 10**8 // grain + 1) * grain)) / 100
        house = None if rng.random() < 0.4 else f"H{rng.integers(4)}"
        found.append(Option(f"F{at}", size, guidance, house))
    whole = sum((each.size for each in found), Decimal(0))
    part = sum((each.size for each in found if rng.random() < 0.5), Decimal(0))
    scale = [part, part + Decimal("0.01"), max(part - Decimal("0.01"), Decimal(0)), whole * 2, Decimal(0)][
        rng.integers(5)
    ]
    gap = Gap(int(rng.integers(0, 8)), scale, int(rng.integers(0, 5)))
    return found, gap, Decimal(int(rng.integers(1, 20) * 10**6))


def test_against_trying_everything_on_two_hundred_pipelines():
    rng = np.random.default_rng(6)
    further_needed = 0
    for _ in range(200):
        found, gap, usual = random_case(rng)
        choice = cheapest(found, gap, usual)
        further_needed += choice.further > 0
        assert (choice.further, choice.guidance, len(choice.chosen)) == tried(found, gap, usual), (
            found,
            gap,
            usual,
        )
    assert 40 < further_needed < 180, "both kinds occur"


def test_further_funds_count_what_all_of_the_pipeline_leaves():
    assert further([A, B, C], Gap(5, Decimal(1000), 3), Decimal(100)) == 8  # 1000 - 210 = 790 in eight of 100
    assert further([A, B, C], Gap(5, Decimal(210), 3), Decimal(100)) == 2


TARGETS = [
    {"code": code, "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": code, "value": value, "unit": "x", "currency": currency, "source": "s"}
    for code, value, currency in (("partner_funds", 5, None), ("fund_scale", 600, "CNY"), ("new_managers", 2, None))
]  # fmt: skip
ROWS = {
    "target": TARGETS,
    "guidance_fund": [{"guidance_fund_id": "G", "name": "g", "kind": "venture", "currency": "CNY"}],
    "manager": [{"manager_id": f"M{n}", "name": f"m{n}"} for n in range(6)],
    "partner_fund": [
        {"partner_fund_id": f"P{n}", "name": f"p{n}", "manager_id": f"M{n}", "currency": "CNY", "committed_size": 100 + 20 * n,
         "established_on": "2016-06-30"} for n in range(3)
    ] + [
        {"partner_fund_id": "P4", "name": "p4", "manager_id": "M4", "currency": "CNY", "target_size": 150},
        {"partner_fund_id": "P5", "name": "p5", "manager_id": "M0", "currency": "CNY", "target_size": 90},
    ],
    "participation": [
        {"participation_id": f"A{n}", "guidance_fund_id": "G", "partner_fund_id": f"P{n}", "signed_on": "2016-06-01", "commitment": 25,
         "currency": "CNY", "cap_ratio": "0.25"} for n in range(3)
    ] + [
        {"participation_id": "A4", "guidance_fund_id": "G", "partner_fund_id": "P4", "approved_on": "2017-05-01", "approved_amount": 30,
         "currency": "CNY", "expected_on": "2018-02-01"},
        {"participation_id": "A5", "guidance_fund_id": "G", "partner_fund_id": "P5", "approved_on": "2017-06-01", "currency": "CNY",
         "expected_on": "2017-11-30"},
    ],
}  # fmt: skip


def test_a_plan_of_a_ledger_worked_by_hand():
    """Three funds of 100, 120 and 140 count: two funds, 240 of size and two houses are missing.

    The usual fund is 120, guidance 25/120 = 0.2083 of it. The pipeline brings 150 (30 of guidance money, a new house) and
    90 (unknown: 90 * 0.2083 = 18.75, a known house): 240 and two funds, but one house only. A further fund closes that, and
    then one of the pipeline is enough for the number; for the size 240 - 120 = 120 the one of 150; its house is the other.
    """
    found = plan(ledger(ROWS), date(2017, 9, 30))
    assert (found.gap.funds, found.gap.scale, found.gap.houses) == (2, 240, 2)
    assert (found.usual.size, found.usual.share, found.usual.cap) == (120, Decimal("0.2083"), Decimal("0.25"))
    assert [(each.name, each.size, each.guidance, each.assumed) for each in found.options] == [
        ("A5", 90, Decimal("18.75"), True), ("A4", 150, 30, False)]  # fmt: skip
    choice = found.choice
    assert (
        [each.name for each in choice.chosen],
        choice.further,
        choice.further_houses,
        choice.guidance,
    ) == (["A4"], 1, 1, 30)
    assert found.alone == 2
    assert found.guidance_of(2, found.usual.share) == Decimal("49.99")  # 2 * 120 * 0.2083
    assert found.guidance_of(2, found.usual.cap) == 60
    assert found.due_on == date(2017, 12, 31)


def test_what_is_not_known_is_not_planned_with():
    rows = dict(ROWS) | {"partner_fund": [row | {"committed_size": None} for row in ROWS["partner_fund"]]}
    found = plan(ledger(rows), date(2017, 9, 30))
    assert found.usual.size is None
    assert found.gap.scale == 0, "no size known: where the target stands is unknown, and so is its gap"
    assert found.alone == 2
    assert plan(ledger({}), date(2017, 9, 30)).gap == Gap()
    assert plan(ledger({}), date(2017, 9, 30)).choice.chosen == ()
