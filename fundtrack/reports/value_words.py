"""A traced value in words: money and counts in full, rates in percent, multiples as multiples."""

from datetime import date
from decimal import Decimal
from typing import Final

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.lineage.figure import Value
from fundtrack.text.numbers import day, percent, plain
from fundtrack.text.say import Lang, say

_MULTIPLES: Final = frozenset(
    {
        "dpi", "rvpi", "tvpi", "moic", "ks_pme", "hhi", "fx_rate", "multiple_reported", "multiple_difference",
        "leverage_paid_in", "leverage_social", "leverage_project", "joint_ratio", "reinvest_ratio", "reinvest_factor",
    }
)  # fmt: skip
"""Ratios that people read as a number beside one, not in percent."""
_SHARES: Final = frozenset({"irr", "backtest_coverage", "backtest_inside", "backtest_promised"})
"""Ratios in percent that are no figure of the catalogue."""
_MEANS: Final = frozenset({"backtest_mean_error", "backtest_mean_naive_error"})
"""Means of amounts: to the cent where they are of money."""
_GROUPED: Final = ("_median", "_q1", "_q3")


def in_percent(metric: str) -> bool:
    """Whether a ratio is read in percent: rates of return, shares and completion, but no multiple.

    >>> in_percent("irr"), in_percent("completion"), in_percent("tvpi"), in_percent("tvpi_median"), in_percent("horizon_irr_3")
    (True, True, False, False, True)
    """
    name = next((metric.removesuffix(end) for end in _GROUPED if metric.endswith(end)), metric)
    if metric.startswith("rule_") and metric.endswith("_share"):
        return True
    return (
        name not in _MULTIPLES and metric in CATALOG and CATALOG[metric].unit == "ratio"
    ) or name in _SHARES


def value_text(value: Value, currency: str | None, lang: Lang, metric: str = "") -> str:
    """A traced value in full: money to the cent, a ratio to the sixth decimal, in percent to the fourth.

    Args:
        value: as traced.
        currency: of money.
        lang: the language.
        metric: which figure it is, so that a rate is written in percent.

    >>> value_text(0.165552, None, "zh", "irr"), value_text(1.129665, None, "en", "tvpi"), value_text(Decimal(90), None, "zh")
    ('16.5552%', '1.129665', '90')
    """
    if value is None:
        return say("trace.line.unknown", lang)
    if metric == "finding":
        return say(f"finding.status_{value}", lang)
    if isinstance(value, bool):
        return say("lines.yes" if value else "lines.no", lang)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value() and currency is None
        return plain(value, lang, 0 if whole else 2, fixed=True) + (f" {currency}" if currency else "")
    if isinstance(value, float):
        return _float_text(value, currency, lang, metric)
    return day(value, lang) if isinstance(value, date) else str(value)


def _float_text(value: float, currency: str | None, lang: Lang, metric: str) -> str:
    if in_percent(metric):
        return percent(value, lang, 4)
    if currency and metric in _MEANS:
        return f"{plain(value, lang, 2, fixed=True)} {currency}"
    return plain(value, lang, 6, fixed=True)


def ledger_text(value: object, lang: Lang) -> str:
    """A value as the ledger holds it, given as JSON shows it: amounts with their thousands apart, all else as it is.

    >>> ledger_text("80000000.00", "zh"), ledger_text("F-0091", "zh"), ledger_text("2017-06-30", "en"), ledger_text(None, "zh")
    ('80,000,000.00', 'F-0091', '2017-06-30', '')
    """
    text = "" if value is None else str(value)
    whole, dot, cents = text.removeprefix("-").partition(".")
    amount = bool(dot) and whole.isdecimal() and len(cents) == 2 and cents.isdecimal()
    return plain(Decimal(text), lang, 2, fixed=True) if amount else text
