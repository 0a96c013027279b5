"""The guide: first steps for three readers, and a search over every figure, rule and problem."""

from collections.abc import Sequence
from typing import Final

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.rules.every import RULES
from fundtrack.model.fields import name_key
from fundtrack.text.say import pattern, sentences
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.context import View
from fundtrack.ui.html import Col, empty, esc, grid, link, plain_col, say_soft, show
from fundtrack.ui.language import lang, t

READERS: Final[dict[str, tuple[str, ...]]] = {
    "official": ("overview", "targets", "findings", "forecast", "papers"),
    "manager": ("load", "inbox", "corrections", "changes"),
    "auditor": ("trace", "findings", "dictionary", "about"),
}
"""Each reader's steps: the page that each leads to."""
KINDS: Final = ("all", "figure", "rule", "problem")


def draw_steps() -> None:
    """First steps for each of three readers."""
    kept = {name: given(name) for name in KEPT}
    parts = []
    for reader, pages in READERS.items():
        steps = "".join(
            f"<li>{esc(t(f'guide.{reader}_{place}'))} {link(t(f'page.{page}'), page, **kept)}</li>"
            for place, page in enumerate(pages, 1)
        )
        parts.append(f"<section><h3>{esc(t(f'guide.{reader}'))}</h3><ol>{steps}</ol></section>")
    show(f'<div class="guide">{"".join(parts)}</div>')


def entries(seen: View | None) -> list[dict[str, str]]:
    """Everything there is to look up, in the language spoken: kind, code, name, words."""
    said = sentences(lang())
    found = [
        {"kind": "figure", "code": each.id, "name": each.name(lang()), "words": each.formula(lang())}
        for each in CATALOG.values()
    ]
    names = _rule_names(seen)
    found += [
        {"kind": "rule", "code": rule, "name": names.get(rule, rule), "words": f"{t(f'rule.{rule}.finds')} {t(f'rule.{rule}.todo')}"}
        for rule in RULES
    ]  # fmt: skip
    found += [
        {"kind": "problem", "code": key.removeprefix("problem."), "name": "", "words": pattern(words)}
        for key, words in sorted(said.items())
        if key.startswith("problem.") and "." not in key.removeprefix("problem.") and key not in _FRAMES
    ]
    return found


_FRAMES: Final = ("problem.place", "problem.place_field", "problem.this_file")
"""What problems are said with; no problems themselves."""


def _rule_names(seen: View | None) -> dict[str, str]:
    """What the newest row of each rule is called."""
    if seen is None:
        return {}
    rows = seen.ledger["rule"].sort("in_force_from", nulls_last=False)
    return dict(rows.select("rule_id", f"name_{lang()}").iter_rows())


def matching(rows: Sequence[dict[str, str]], kind: str, words: str) -> list[dict[str, str]]:
    """Those of a kind that hold every word somewhere, whatever its width and case."""
    wanted = [name_key(word) for word in words.split()]
    return [
        row
        for row in rows
        if kind in {"all", row["kind"]} and all(word in name_key(" ".join(row.values())) for word in wanted)
    ]


def draw(rows: Sequence[dict[str, str]]) -> None:
    """What was found."""
    say_soft(t("guide.found", count=len(rows)))
    if not rows:
        show(empty(t("ui.nothing_found")))
        return
    columns = [
        Col(t("guide.kind"), lambda row: esc(t(f"guide.kind_{row['kind']}")), "fix"),
        Col(t("guide.code"), lambda row: f"<code>{esc(row['code'])}</code>", "fix"),
        plain_col(t("guide.name"), "name"),
        plain_col(t("guide.words"), "words", "wide"),
    ]
    show(grid(rows, columns, label=t("page.guide"), tall=True))
