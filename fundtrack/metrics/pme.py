"""Public market equivalents: what the same money would have made in a public index.

All four take `(dates, amounts, nav, index)`: amounts received positive and paid negative, the NAV held on the
last date (any number), and the index level on each date, in the flows' currency: one a date in the dates' order,
or by date as a mapping or a frame of two columns. Dates may be dates (actual/365) or plain numbers (years); what
else is read stands in `given`. With contributions Cᵢ, distributions Dᵢ, index Iᵢ and its last level I_T:

    ks_pme        (Σ Dᵢ·I_T/Iᵢ + nav) / Σ Cᵢ·I_T/Iᵢ
    ln_pme        IRR of the flows with the index account Σ (Cᵢ - Dᵢ)·I_T/Iᵢ as final value, not the NAV
    pme_plus      IRR of -Cᵢ + λ·Dᵢ with the NAV as final value; λ = (Σ Cᵢ·I_T/Iᵢ - nav) / Σ Dᵢ·I_T/Iᵢ
    direct_alpha  IRR of the flows carried to the last date by the index, amountᵢ·I_T/Iᵢ, with the NAV

Unknown is None: no contribution, no NAV, a missing or non-positive index level, no IRR. Where several rates fit,
the one `xirr` pins is taken. Sources: A. Long, C. Nickels, "A private investment benchmark", 1996; S.
Kaplan, A. Schoar, "Private equity performance", Journal of Finance 60(4) 2005; C. Rouvinez, "Private equity
benchmarking with PME+", Venture Capital Journal 2003; O. Gredil, B. Griffiths, R. Stucke, "Benchmarking
private equity: the direct alpha method", 2014.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import log1p, nan

import numpy as np

from fundtrack.metrics.given import Amounts, Dates, Levels, Time, amounts_of, levels_of, time_of
from fundtrack.metrics.irr import Irr, irr_many
from fundtrack.metrics.roots import Floats

Nav = float | Decimal | None
"""The NAV held on the last date; None where it is unknown."""


@dataclass(frozen=True, slots=True)
class LnPme:
    """Result of Long-Nickels; `float()` of it is its IRR, NaN where there is none.

    Attributes:
        irr: annual rate the money would have earned in the index; None where there is none.
        nav: the index account on the last date, in the flows' currency; below zero where the fund distributed
            more than the index could have paid, which is the method's known weakness.

    """

    irr: float | None
    nav: float

    def __float__(self) -> float:
        return nan if self.irr is None else self.irr


@dataclass(frozen=True, slots=True)
class PmePlus:
    """Result of PME+; `float()` of it is its IRR, NaN where there is none.

    Attributes:
        irr: annual rate the money would have earned in the index; None where there is none.
        lambda_: factor on all distributions at which the index account ends at the fund's NAV.
        nav: the fund's NAV on the last date, which both accounts share.

    """

    irr: float | None
    lambda_: float
    nav: float

    def __float__(self) -> float:
        return nan if self.irr is None else self.irr


@dataclass(frozen=True, slots=True)
class _Account:
    """Flows in order of time, with the growth of the index from each to the last date."""

    time: Time
    per_year: float
    amounts: Floats
    growth: Floats

    def irr(self, amounts: Floats, final: float) -> Irr:
        """IRR of other amounts on these dates, with a final value on the last."""
        time, flows = np.append(self.time, self.time[-1]), np.append(amounts, final)
        return irr_many(time, flows, np.array([0, len(time)]), self.per_year).one(0)

    @property
    def paid(self) -> float:
        """Contributions, carried to the last date by the index."""
        return float(-(self.amounts * self.growth)[self.amounts < 0].sum())

    @property
    def received(self) -> float:
        """Distributions, carried to the last date by the index."""
        return float((self.amounts * self.growth)[self.amounts > 0].sum())


def _account(dates: Dates, amounts: Amounts, index: Levels) -> _Account | None:
    """Put flows and index in order of time; None where a level is missing or nothing was paid in."""
    time, per_year = time_of(dates)
    flows = amounts_of(amounts, len(time))
    levels = levels_of(index, time)
    if levels is None or not (np.isfinite(levels) & (levels > 0)).all() or not (flows < 0).any():
        return None
    order = np.argsort(time, kind="stable")
    levels = levels[order]
    return _Account(time[order], per_year, flows[order], levels[-1] / levels)


def _held(nav: Nav) -> float | None:
    """Read the NAV; None where it is unknown."""
    value = amounts_of([0.0 if nav is None else nav], 1)[0]
    return None if nav is None else float(value)


def ks_pme(dates: Dates, amounts: Amounts, nav: Nav, index: Levels) -> float | None:
    """Kaplan-Schoar: above 1 the fund beat the index. A ratio.

    >>> round(ks_pme([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]), 4)
    1.1371
    """
    account, held = _account(dates, amounts, index), _held(nav)
    return None if account is None or held is None else (account.received + held) / account.paid


def ln_pme(dates: Dates, amounts: Amounts, nav: Nav, index: Levels) -> LnPme | None:  # noqa: ARG001
    """Long-Nickels: the index account is paid and drawn as the fund was; compare its IRR with the fund's.

    The NAV is part of the common signature and not used: the index account has its own.

    >>> ln_pme([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]).nav.__round__(4)
    15.5435
    """
    account = _account(dates, amounts, index)
    if account is None:
        return None
    final = account.paid - account.received
    return LnPme(account.irr(account.amounts, final).rate, final)


def pme_plus(dates: Dates, amounts: Amounts, nav: Nav, index: Levels) -> PmePlus | None:
    """PME+: distributions scaled so that the index account ends at the NAV; None if nothing was distributed.

    >>> round(pme_plus([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]).lambda_, 4)
    0.7372
    """
    account, held = _account(dates, amounts, index), _held(nav)
    if account is None or held is None or account.received == 0:
        return None
    scale = (account.paid - held) / account.received
    scaled = np.where(account.amounts > 0, scale * account.amounts, account.amounts)
    return PmePlus(account.irr(scaled, held).rate, scale, held)


def direct_alpha(
    dates: Dates, amounts: Amounts, nav: Nav, index: Levels, *, continuous: bool = False
) -> float | None:
    """Direct Alpha: annual rate earned beyond the index, a fraction.

    By default the discrete form, the IRR r of the carried flows; `continuous` gives ln(1 + r), the form in
    which Gredil, Griffiths and Stucke write it.

    >>> round(direct_alpha([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]), 4)
    0.0876
    """
    account, held = _account(dates, amounts, index), _held(nav)
    if account is None or held is None:
        return None
    rate = account.irr(account.amounts * account.growth, held).rate
    return log1p(rate) if continuous and rate is not None else rate
