"""A log-log plot as SVG, drawn by hand: no plotting program need be installed where benches run."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Line = Sequence[tuple[float, float]]
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
WIDE, TALL, LEFT, RIGHT, TOP, BOTTOM = 760, 430, 64, 250, 34, 46
_GAP = 15


def decades(values: Sequence[float]) -> range:
    """The powers of ten that hold all values.

    >>> list(decades([0.02, 3.0])), list(decades([1, 100]))
    ([-2, -1, 0, 1], [0, 1, 2])
    """
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return range(low, max(high, low + 1) + 1)


def spread(places: Mapping[str, float], gap: float = _GAP) -> dict[str, float]:
    """Labels so far apart that none covers another, in the order in which they stand.

    >>> spread({"a": 10.0, "b": 12.0, "c": 50.0})
    {'a': 10.0, 'b': 25.0, 'c': 50.0}
    """
    out: dict[str, float] = {}
    last = -math.inf
    for name, place in sorted(places.items(), key=lambda each: each[1]):
        out[name] = last = max(place, last + gap)
    return out


def svg(title: str, lines: Mapping[str, Line], dashed: Sequence[str], across: str, up: str) -> str:
    """Draw lines over sizes, both axes by powers of ten; peers and floors are dashed, each is named at its end."""
    known = {name: [point for point in line if point[1] > 0] for name, line in lines.items() if line}
    sizes, heights = (decades([point[side] for line in known.values() for point in line]) for side in (0, 1))

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - sizes[0]) / (sizes[-1] - sizes[0]) * (WIDE - LEFT - RIGHT)

    def y(value: float) -> float:
        return TALL - BOTTOM - (math.log10(value) - heights[0]) / (heights[-1] - heights[0]) * (TALL - TOP - BOTTOM)  # fmt: skip

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}" font-family="sans-serif" font-size="12" role="img">',
        f'<title>{escape(title)}</title><rect width="{WIDE}" height="{TALL}" fill="#fff"/><text x="{LEFT}" y="20" font-weight="bold">{escape(title)}</text>',
    ]  # fmt: skip
    for power in heights:
        at = y(10.0**power)
        out.append(f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#E6EAEF"/><text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')  # fmt: skip
    for power in sizes:
        at = x(10.0**power)
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{TALL - BOTTOM}" stroke="#E6EAEF"/><text x="{at:.1f}" y="{TALL - BOTTOM + 18}" text-anchor="middle">×{10**power:,}</text>')  # fmt: skip
    out.append(f'<text x="{(LEFT + WIDE - RIGHT) / 2}" y="{TALL - 8}" text-anchor="middle">{escape(across)}</text>')  # fmt: skip
    out.append(f'<text transform="translate(14,{TALL / 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>')  # fmt: skip
    labels = spread({name: y(line[-1][1]) for name, line in known.items()})
    for place, (name, line) in enumerate(known.items()):
        colour = COLOURS[place % len(COLOURS)]
        dash = ' stroke-dasharray="5 4"' if name in dashed else ""
        points = " ".join(f"{x(size):.1f},{y(height):.1f}" for size, height in line)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        out += [f'<circle cx="{x(size):.1f}" cy="{y(height):.1f}" r="3" fill="{colour}"/>' for size, height in line]  # fmt: skip
        end = line[-1]
        out.append(f'<line x1="{x(end[0]) + 4:.1f}" y1="{y(end[1]):.1f}" x2="{WIDE - RIGHT + 10}" y2="{labels[name]:.1f}" stroke="{colour}" stroke-width="0.6"/>')  # fmt: skip
        out.append(f'<text x="{WIDE - RIGHT + 13}" y="{labels[name] + 4:.1f}" fill="{colour}">{escape(name)}</text>')  # fmt: skip
    return "\n".join([*out, "</svg>"]) + "\n"
