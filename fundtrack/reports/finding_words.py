"""Findings in words: what a rule is called, what a finding says with its figures, the one line of the overview."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from fundtrack.model.rows import TABLES
from fundtrack.text.numbers import currency_name, percent, plain, wan
from fundtrack.text.problems import field_title
from fundtrack.text.say import Lang, say, sentences

Row = Mapping[str, Any]
MARKS: Final = {"suspected": "▲", "hint": "◇", "incomplete": "○", "clear": "✔"}
"""A status has a shape beside its word, so that colour is not needed to tell it."""


def figure(value: float | None, unit: str | None, currency: str | None, lang: Lang) -> str:
    """A value or limit in its unit.

    >>> figure(0.25, "share", None, "zh"), figure(437.0, "days", None, "en"), figure(3550000.0, "money", "CNY", "zh")
    ('25.0%', '437 days', '355万元')
    """
    if value is None:
        return say("finding.no_value", lang)
    if unit == "share":
        return percent(value, lang)
    if unit == "money":
        return exact(Decimal(repr(value)), currency, lang)
    if unit in {"days", "people", "count", "years"}:
        return say(f"finding.{unit}", lang, n=plain(value, lang, 1 if unit == "years" else 0))
    return plain(value, lang, 2)


def at_stake(row: Row, lang: Lang) -> str:
    """The amount of a finding."""
    if row["amount"] is None:
        return say("finding.no_amount", lang)
    return exact(row["amount"], row["currency"], lang)


def exact(amount: Decimal, currency: str | None, lang: Lang) -> str:
    """Money that is to be compared with other money: 万元 to the yuan, or units of the currency.

    >>> exact(Decimal("10123942.47"), "CNY", "zh"), exact(Decimal("10123942.47"), "USD", "en")
    ('1,012.39万元', 'USD 10,123,942.47')
    """
    if lang == "zh":
        return f"{wan(amount, lang)}万{currency_name(currency or 'CNY', lang)}"
    return f"{currency or 'CNY'} {plain(amount, lang, 2)}"


def rule_name(rules: Sequence[Row], rule_id: str, lang: Lang) -> str:
    """What the newest row of 规则 calls a rule."""
    named = next((row for row in rules if row["rule_id"] == rule_id), None)
    return str(named[f"name_{lang}"]) if named else rule_id


def status_word(status: str, lang: Lang, *, marked: bool = True) -> str:
    """A status with its shape."""
    word = say(f"finding.status_{status}", lang)
    return f"{MARKS[status]} {word}" if marked else word


def review_word(review: str | None, lang: Lang) -> str:
    """What people decided."""
    return say(f"finding.review_{review or 'none'}", lang)


def sentence(row: Row, missing: Sequence[Row], lang: Lang) -> str:
    """What a finding says.

    Args:
        row: a row of `metrics.rules.finding.FINDING`.
        missing: its evidence.
        lang: the language.
    """
    if row["status"] == "clear":
        return say("finding.none_found", lang)
    if row["status"] == "incomplete":
        return say("finding.missing", lang, what=_lacks(row, missing, lang))
    kind = row["occurrence"].split("|")[0]
    own = f"rule.{row['rule_id']}.says_{kind}"
    key = own if kind and own in sentences(lang) else f"rule.{row['rule_id']}.says"
    words = {
        "value": figure(row["value"], row["unit"], row["currency"], lang),
        "limit": figure(row["limit_value"], row["unit"], row["currency"], lang),
        "amount": at_stake(row, lang),
        "day": "" if row["occurred_on"] is None else row["occurred_on"].isoformat(),
        "period": row["occurrence"].split("|")[-1] if kind == "jump" else kind,
    }
    return say(key, lang, **words) if key in sentences(lang) else f"{words['value']} / {words['limit']}"


def _lacks(row: Row, shown: Sequence[Row], lang: Lang) -> str:
    """Name what is missing: fields of rows, rows of a table, or the limit itself."""
    absent = [each for each in shown if each["role"] == "missing"]
    words = []
    for each in absent:
        table = getattr(TABLES[each["table_name"]].info, lang)
        if each["field"]:
            title = field_title(each["table_name"], each["field"], lang)
            words.append(say("finding.field", lang, table=table, field=title))
        else:
            words.append(say("finding.rows", lang, table=table))
    if not words:
        words = [say("finding.unset", lang, source=row["source"] or "")]
    return say("finding.join", lang).join(dict.fromkeys(words))
