"""Money times a rate or a share, to the cent: whole numbers of 128 bits, rounded once, half away from zero.

A product of two decimals would keep the wider scale only and lose digits before the rounding.
"""

from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.money import MONEY, RATE

_CENTS: Final = pl.Decimal(38, 2)
_RATES: Final = pl.Decimal(38, 8)
_ONE: Final = 10**8


def times(amount: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """Multiply money by a RATE.

    >>> frame = pl.DataFrame({"a": [Decimal("-30.15")], "r": [Decimal("6.6369")]})
    >>> frame.select(times(pl.col("a"), pl.col("r"))).item()
    Decimal('-200.10')
    """
    return _divided(_cents(amount) * _whole(rate), pl.lit(_ONE, pl.Int128))


def over(amount: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """Divide money by a RATE; nothing where the rate is zero."""
    return _divided(_cents(amount) * pl.lit(_ONE, pl.Int128), _whole(rate))


def pro_rata(amount: pl.Expr, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Take of an amount what a part is of a whole, all three money; nothing where the whole is zero.

    >>> frame = pl.DataFrame({"a": [Decimal("100.00")], "p": [Decimal("2.00")], "w": [Decimal("3.00")]})
    >>> frame.select(pro_rata(pl.col("a"), pl.col("p"), pl.col("w"))).item()
    Decimal('66.67')
    """
    return _divided(_cents(amount) * _cents(part), _cents(whole))


def exceeds(part: pl.Expr, rate: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Tell whether a part is more than a RATE of a whole, both money, to the last digit; null where one is unknown.

    >>> frame = pl.DataFrame({"p": [Decimal("25.00"), Decimal("25.01")], "r": [Decimal("0.25")] * 2, "w": [Decimal("100.00")] * 2})
    >>> frame.select(exceeds(pl.col("p"), pl.col("r"), pl.col("w"))).to_series().to_list()
    [False, True]
    """
    return _cents(part) * pl.lit(_ONE, pl.Int128) > _whole(rate) * _cents(whole)


def summed(amount: pl.Expr) -> pl.Expr:
    """Add money up; unknown where any of it is unknown, and where there is none at all."""
    return pl.when(amount.null_count() == 0).then(added(amount))


def added(amount: pl.Expr) -> pl.Expr:
    """Add up the money that is known; unknown where none is."""
    return pl.when(amount.count() > 0).then(amount.cast(_CENTS).sum())


def nothing() -> pl.Expr:
    """Zero, as money."""
    return pl.lit(Decimal(0)).cast(MONEY)


def _cents(amount: pl.Expr) -> pl.Expr:
    return amount.cast(_CENTS).to_physical()


def _whole(rate: pl.Expr) -> pl.Expr:
    return rate.cast(RATE).cast(_RATES).to_physical()


def _divided(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    below = denominator.abs()
    size = pl.when(below != 0).then((numerator.abs() * 2 + below) // (below * 2))
    signed = size * numerator.sign() * denominator.sign()
    return (signed.cast(pl.Decimal(38, 0)) * pl.lit(Decimal("0.01"))).cast(MONEY)
