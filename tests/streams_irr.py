"""Random streams for the tests of the internal rate of return: funds as they are, and what breaks solvers."""

import numpy as np


def fund(rng):
    """A fund over 2 to 15 years: calls early, distributions late, perhaps a NAV at the end."""
    count, life = int(rng.integers(4, 60)), int(rng.integers(730, 5475))
    days = np.sort(rng.integers(0, life, count))
    late = np.arange(count) / count
    amounts = np.where(rng.random(count) < np.clip(1.6 * late - 0.2, 0, 1), 1, -1) * rng.lognormal(
        2, 1, count
    )
    amounts[0] = -abs(amounts[0])
    if rng.random() < 0.5:
        days, amounts = np.append(days, life), np.append(amounts, rng.lognormal(4, 1.5))
    return days, _cents(amounts)


def deep_loss(rng):
    """Nearly everything is lost: rates down to -99.99 %."""
    days = np.sort(rng.integers(0, 2000, 12))
    amounts = np.append(-rng.lognormal(9, 1, 8), rng.lognormal(-1, 1, 4))
    return days, _cents(amounts)


def huge_rate(rng):
    """A little goes out, a fortune comes back within months: rates of thousands."""
    days = np.sort(rng.integers(0, 500, 6))
    days[0] = 0
    amounts = np.append(-rng.lognormal(0, 1, 2), rng.lognormal(rng.uniform(2, 12), 1, 4))
    return days, _cents(amounts)


def thousands(rng):
    """Thousands of flows of either sign."""
    count = int(rng.integers(1000, 3000))
    days = np.sort(rng.integers(0, 4000, count))
    return days, _cents(rng.choice([-1, 1], count) * rng.lognormal(3, 1, count))


def same_days(rng):
    """Many flows on few days, in and out on the same day."""
    days = rng.choice([0, 10, 400, 401, 1500], 20)
    return np.sort(days), _cents(rng.choice([-1, 1], 20) * rng.lognormal(3, 1, 20))


def alternating(rng):
    """Signs change with every flow: several rates, or none."""
    count = int(rng.integers(3, 30))
    days = np.sort(rng.choice(4000, count, replace=False))
    return days, _cents((-1.0) ** np.arange(1, count + 1) * rng.lognormal(3, 0.5, count))


def several_roots(rng):
    """Built from its rates: two to five of them, some very close together."""
    rates = np.sort(rng.uniform(-0.5, 2, int(rng.integers(2, 6))))
    if rng.random() < 0.3:
        rates[1] = rates[0] + 10.0 ** rng.uniform(-6, -2)
    amounts = np.array([-1e8])
    for rate in rates:
        amounts = np.convolve(amounts, [1, -(1 + rate)])
    return 365 * np.arange(len(amounts)), amounts


def one_way(rng):
    """Money goes one way only."""
    count = int(rng.integers(1, 10))
    return np.sort(rng.integers(0, 2000, count)), _cents(-rng.lognormal(3, 1, count))


PATHOLOGICAL = (deep_loss, huge_rate, same_days, alternating, several_roots, one_way)


def streams(seed, funds, pathological):
    """So many of each kind; one pathological stream in twenty has thousands of flows."""
    rng = np.random.default_rng(seed)
    odd = [PATHOLOGICAL[k % len(PATHOLOGICAL)](rng) for k in range(pathological - pathological // 20)]
    return [fund(rng) for _ in range(funds)] + odd + [thousands(rng) for _ in range(pathological // 20)]


def _cents(amounts):
    return np.where(np.abs(amounts) < 0.01, np.sign(amounts) * 0.01, amounts.round(2))
