"""Rows of a small ledger for tests of returns: participations, flows and NAVs written in a line each."""

from ledgers import ledger

KINDS = {"call", "distribution", "recallable", "exit_proceeds", "fee_outside"}


def flows_of(stake, text, currency="CNY"):
    """Read `kind amount day`, separated by semicolons."""
    rows = []
    for place, words in enumerate(filter(None, (part.split() for part in text.split(";")))):
        kind, amount, day = words
        assert kind in KINDS
        rows.append(
            {"participation_id": stake, "kind": kind, "amount": amount, "occurred_on": day, "currency": currency,
             "line_no": str(place)}
        )  # fmt: skip
    return rows


def stake(name, guidance="G1", fund=None, currency="CNY", **terms):
    """Give a participation of its own partner fund, `P` and the rest of its name."""
    return {
        "participation_id": name, "guidance_fund_id": guidance, "partner_fund_id": fund or f"P{name[1:]}",
        "currency": currency, "signed_on": "2014-01-01",
    } | terms  # fmt: skip


def nav(name, amount, day, currency="CNY"):
    """Give a valuation."""
    return {"participation_id": name, "valued_on": day, "nav": amount, "currency": currency}


def rate(day, value, code="USDCNY"):
    """Give an exchange rate."""
    return {
        "kind": "fx",
        "code": code,
        "quoted_on": day,
        "value": value,
        "currency": code[-3:],
        "source": "测试",
    }


def tables(stakes, flows=(), navs=(), **others):
    """Make a ledger in which every partner fund and guidance fund named exists."""
    funds = {row["partner_fund_id"]: row["currency"] for row in stakes}
    rows = {
        "guidance_fund": [
            {"guidance_fund_id": name, "name": name, "kind": "venture", "currency": "CNY"}
            for name in sorted({row["guidance_fund_id"] for row in stakes})
        ],
        "partner_fund": [
            {"partner_fund_id": name, "name": f"示例{name}", "manager_id": "M1", "currency": currency}
            for name, currency in funds.items()
        ],
        "participation": list(stakes),
        "cash_flow": list(flows),
        "valuation": list(navs),
    }
    return ledger(rows | others)
