"""Who invests in a 示例 fund: shared out at its establishment, changed on dated days."""

import random
from collections.abc import Iterator
from datetime import date

from seeds.demo_kinds import GUIDANCE, Investor, Manager, Stake
from seeds.demo_names import PERSONS, PRIVATE, words


def investors(
    rng: random.Random, serial: int, manager: Manager, size: int, stakes: list[Stake], on: date, tags: dict[str, tuple[str, ...]]
) -> tuple[Investor, ...]:  # fmt: skip
    """Share a fund out among its investors, the largest of them private; then what changes later."""
    out = []
    first = stakes[0]
    joined = "joined" in tags
    if not joined:
        out.append(
            Investor(GUIDANCE[first.guidance], "guidance", first.commitment, on, guidance=first.guidance)
        )
    own = size * (1 if rng.random() < 0.7 else 2) // 100
    out.append(Investor(manager.name, "manager", own, on))
    rest = size - own - (0 if joined else first.commitment)
    names = [
        f"示例{word}{kind}有限公司" for word, kind in zip(words(f"investors {serial}"), PRIVATE, strict=False)
    ]
    rng.shuffle(names)
    kinds = ["private"] * rng.choice((2, 3, 3, 4))
    if rng.random() < 0.35:
        kinds.append("state_owned")
    if rng.random() < 0.2:
        kinds.append("public")
    if rng.random() < 0.3:
        kinds.append("natural_person")
    weights = [5] + [rng.choice((1, 2, 2)) for _ in kinds[1:]]
    parts = [rest * weight // sum(weights) // 100_000 * 100_000 for weight in weights]
    parts[0] += rest - sum(parts)
    for kind, part in zip(kinds, parts, strict=True):
        name = names.pop()
        if kind == "state_owned":
            name = name.replace("有限公司", "国有资本运营有限公司")
        if kind == "public":
            name = f"示例区{serial}号产业引导基金"
        if kind == "natural_person":
            name = f"示例自然人{rng.choice(PERSONS)}{serial}"
        out.append(Investor(name, kind, part, on))
    return tuple(out + list(later_changes(out, stakes, tags, names)))


def later_changes(
    out: list[Investor], stakes: list[Stake], tags: dict[str, tuple[str, ...]], names: list[str]
) -> Iterator[Investor]:
    """Yield dated changes of commitments after the establishment."""
    lead = next(investor for investor in out if investor.kind == "private")
    if "increase" in tags:
        day, millions = tags["increase"]
        yield Investor(lead.name, "private", int(millions) * 1_000_000, date.fromisoformat(day), "increase")
    if "reduced" in tags:
        for investor in out:
            if investor.kind != "guidance":
                yield Investor(
                    investor.name,
                    investor.kind,
                    -investor.amount // 10,
                    date.fromisoformat(tags["reduced"][0]),
                    "reduction",
                )
    if "transfer" in tags:
        day_of = date.fromisoformat(tags["transfer"][0])
        yield Investor(lead.name, "private", -lead.amount // 4, day_of, "transferred")
        yield Investor(names.pop(), "private", lead.amount // 4, day_of, "acquired")
    first = stakes[0]
    if "joined" in tags and first.signed:
        yield Investor(
            GUIDANCE[first.guidance], "guidance", 20_000_000, first.signed, "increase", first.guidance
        )
    if "both" in tags:
        second = stakes[1]
        day_of = date.fromisoformat(tags["both"][0])
        yield Investor(GUIDANCE["GF-02"], "guidance", second.commitment, day_of, "increase", "GF-02")
    if "ended" in tags:
        day_of = date.fromisoformat(tags["ended"][0])
        yield Investor(
            GUIDANCE[first.guidance], "guidance", -first.commitment, day_of, "withdrawn", first.guidance
        )
    if "exited" in tags:
        day_of = date.fromisoformat(tags["exited"][0])
        yield Investor(
            GUIDANCE[first.guidance], "guidance", -first.commitment, day_of, "transferred", first.guidance
        )
        yield Investor(lead.name, "private", first.commitment, day_of, "acquired")
