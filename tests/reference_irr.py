"""An independent solver for the tests: a fine grid, bisection and golden sections in extended precision.

It shares nothing with the program: it works on the value of the flows itself, not on the ratio of inflows to
outflows, and finds roots by looking at a few thousand rates, not by proof. Slow, plain and vectorised.
"""

import numpy as np

LD = np.longdouble
LOWEST, HIGHEST = LD(np.log(LD("0.0001"))), LD(np.log(LD("1000001")))
NODES = 1500


def padded(streams):
    """(years, amounts) of many streams as two matrices, short ones filled with zero amounts."""
    width = max(len(days) for days, _ in streams)
    years, amounts = np.zeros((len(streams), width), LD), np.zeros((len(streams), width), LD)
    for row, (days, flows) in enumerate(streams):
        years[row, : len(days)] = (np.asarray(days, LD) - min(days)) / LD(365)
        amounts[row, : len(flows)] = flows
    return years, amounts


def value(years, amounts, x):
    """Value of each stream at its x = ln(1 + r), as a share of what is moved: between -1 and 1."""
    worth = amounts * np.exp(-x[:, None] * years)
    return worth.sum(axis=1) / np.abs(worth).sum(axis=1)


def grid_values(years, amounts):
    """Values at evenly spaced x, one multiplication a step."""
    x = np.linspace(LOWEST, HIGHEST, NODES, dtype=LD)
    worth = amounts * np.exp(-x[0] * years)
    step = np.exp(-(x[1] - x[0]) * years)
    values = np.empty((len(years), NODES), LD)
    for node in range(NODES):
        values[:, node] = worth.sum(axis=1) / np.abs(worth).sum(axis=1)
        worth *= step
    return x, values


def bisected(years, amounts, low, high):
    """The root between two x at which the values have different signs."""
    sign = np.sign(value(years, amounts, low))
    for _ in range(60):
        middle = (low + high) / 2
        left = np.sign(value(years, amounts, middle)) == sign
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return (low + high) / 2


def turning_point(years, amounts, low, high):
    """The x between two of one sign at which the value comes closest to zero or beyond (golden sections)."""
    golden, sign = (np.sqrt(LD(5)) - 1) / 2, np.sign(value(years, amounts, low))
    for _ in range(60):
        a, b = high - golden * (high - low), low + golden * (high - low)
        left = sign * value(years, amounts, a) < sign * value(years, amounts, b)
        low, high = np.where(left, low, a), np.where(left, b, high)
    return (low + high) / 2


def reference_roots(streams, portion=100):
    """Every x from ln(0.0001) to ln(10^6) at which a stream is worth nothing, as sorted (stream, x)."""
    found = []
    by_length = np.argsort([len(days) for days, _ in streams])
    for begin in range(0, len(streams), portion):
        chosen = by_length[begin : begin + portion]
        years, amounts = padded([streams[k] for k in chosen])
        for stream, x in _portion(years, amounts):
            found.append(np.stack([chosen[stream].astype(float), x.astype(float)]))
    stream, x = np.concatenate(found, axis=1)
    order = np.lexsort((x, stream))
    return stream[order].astype(int), x[order]


def _portion(years, amounts):
    x, values = grid_values(years, amounts)
    up = values > 0
    stream, node = np.nonzero(up[:, 1:] != up[:, :-1])
    yield stream, bisected(years[stream], amounts[stream], x[node], x[node + 1])
    size = np.abs(values)
    same = (up[:, 1:-1] == up[:, 2:]) & (up[:, 1:-1] == up[:, :-2])
    dips = (size[:, 1:-1] < size[:, :-2]) & (size[:, 1:-1] <= size[:, 2:]) & (size[:, 1:-1] < 0.01)
    stream, node = np.nonzero(same & dips)
    low, high = x[node], x[node + 2]
    years, amounts = years[stream], amounts[stream]
    dip = turning_point(years, amounts, low, high)
    two = np.sign(value(years, amounts, dip)) != np.sign(value(years, amounts, low))
    for a, b in ((low, dip), (dip, high)):
        yield stream[two], bisected(years[two], amounts[two], a[two], b[two])
