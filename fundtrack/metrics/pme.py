"""Public market equivalents: what the same money would have made in a public index.

All four take `(dates, amounts, nav, index)`: amounts received positive and paid negative, the NAV held on the
last date, and the index level on each date, in the flows' currency. Dates may be dates (actual/365) or plain
numbers (years). With contributions Cᵢ, distributions Dᵢ, index Iᵢ and its last level I_T:

    ks_pme        (Σ Dᵢ·I_T/Iᵢ + nav) / Σ Cᵢ·I_T/Iᵢ
    ln_pme        IRR of the flows with the index account Σ (Cᵢ - Dᵢ)·I_T/Iᵢ as final value, not the NAV
    pme_plus      IRR of -Cᵢ + λ·Dᵢ with the NAV as final value; λ = (Σ Cᵢ·I_T/Iᵢ - nav) / Σ Dᵢ·I_T/Iᵢ
    direct_alpha  IRR of the flows carried to the last date by the index, amountᵢ·I_T/Iᵢ, with the NAV

Unknown is None: no contribution, a missing or non-positive index level, no IRR. Where several rates fit,
the one `xirr` pins is taken. Sources: A. Long, C. Nickels, "A private investment benchmark", 1996; S.
Kaplan, A. Schoar, "Private equity performance", Journal of Finance 60(4) 2005; C. Rouvinez, "Private equity
benchmarking with PME+", Venture Capital Journal 2003; O. Gredil, B. Griffiths, R. Stucke, "Benchmarking
private equity: the direct alpha method", 2014.
"""

from dataclasses import dataclass
from math import log1p, nan

import numpy as np

from fundtrack.metrics.flows import Amounts, Dates, Time, amounts_of, time_of
from fundtrack.metrics.irr import Irr, irr_many
from fundtrack.metrics.roots import Floats


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


def _account(dates: Dates, amounts: Amounts, index: Amounts) -> _Account | None:
    """Put flows and index in order of time; None where a level is missing or nothing was paid in."""
    time, per_year = time_of(dates)
    flows = amounts_of(amounts, len(time))
    levels = np.asarray(index, dtype=np.float64)
    if len(levels) != len(time) or not (np.isfinite(levels) & (levels > 0)).all() or not (flows < 0).any():
        return None
    order = np.argsort(time, kind="stable")
    levels = levels[order]
    return _Account(time[order], per_year, flows[order], levels[-1] / levels)


def ks_pme(dates: Dates, amounts: Amounts, nav: float, index: Amounts) -> float | None:
    """Kaplan-Schoar: above 1 the fund beat the index. A ratio.

    >>> round(ks_pme([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]), 4)
    1.1371
    """
    account = _account(dates, amounts, index)
    return None if account is None else (account.received + nav) / account.paid


def ln_pme(dates: Dates, amounts: Amounts, nav: float, index: Amounts) -> LnPme | None:  # noqa: ARG001
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


def pme_plus(dates: Dates, amounts: Amounts, nav: float, index: Amounts) -> PmePlus | None:
    """PME+: distributions scaled so that the index account ends at the NAV; None if nothing was distributed.

    >>> round(pme_plus([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]).lambda_, 4)
    0.7372
    """
    account = _account(dates, amounts, index)
    if account is None or account.received == 0:
        return None
    scale = (account.paid - nav) / account.received
    scaled = np.where(account.amounts > 0, scale * account.amounts, account.amounts)
    return PmePlus(account.irr(scaled, nav).rate, scale, nav)


def direct_alpha(
    dates: Dates, amounts: Amounts, nav: float, index: Amounts, *, continuous: bool = False
) -> float | None:
    """Direct Alpha: annual rate earned beyond the index, a fraction.

    By default the discrete form, the IRR r of the carried flows; `continuous` gives ln(1 + r), the form in
    which Gredil, Griffiths and Stucke write it.

    >>> round(direct_alpha([0, 1, 2], [-25, 15, 0], 20, [100, 115, 130]), 4)
    0.0876
    """
    account = _account(dates, amounts, index)
    if account is None:
        return None
    rate = account.irr(account.amounts * account.growth, nav).rate
    return log1p(rate) if continuous and rate is not None else rate
