"""The ten questions of an auditor's first hour, as SQL files with the answers that this edition gives."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from fundtrack.store.ledger import Ledger
from fundtrack.store.masking import Masking

QUESTIONS: Final[dict[str, tuple[str, str]]] = {
    "01_money_trail": (
        "家底：财政资金进、出、回、缴、存是否平 / Does the guidance funds' money add up?",
        ("SELECT *, received + interest + principal_back + income_back - paid_to_funds - fees - remitted - balance_declared AS difference\n"
        "FROM audit_money_trail"),
    ),
    "02_idle": (
        "出资满一年未投资，或账面闲置超过四成 / Paid a year ago and not invested, or much cash idle",
        "SELECT * FROM audit_idle\nWHERE idle_days >= 365 OR idle_ratio > 0.4\nORDER BY guidance_paid DESC, partner_fund_id",
    ),
    "03_stake": (
        "超比例、第一大出资人（只取约束性依据） / Above the cap, or largest investor, by what binds",
        ("SELECT *, guidance / nullif(total, 0) AS share FROM audit_stake\n"
        "WHERE rule_force = '依据' AND (guidance > cap * total OR guidance >= largest_other)"),
    ),
    "04_call_order": (
        "财政先于社会资本到位，或社会资本逾期未到位 / Public money before private, or private money overdue",
        ("SELECT * FROM audit_call_order\n"
        "WHERE guidance_paid_on < coalesce(private_paid_on, DATE '9999-12-31') OR private_unpaid > 0"),
    ),
    "05_term": (
        "到期未退出、展期无批复 / Past its term, or extended without approval",
        ("SELECT * FROM audit_term\nWHERE liquidated_on IS NULL\n"
        "    AND (coalesce(extended_to, term_end) < {as_of} OR (extended_to IS NOT NULL AND approval_no IS NULL))"),
    ),
    "06_exit_price": (
        "退出价款低于约定 / Exits below the agreed price",
        "SELECT *, floor_price - proceeds AS shortfall FROM audit_exit_price\nWHERE proceeds < floor_price",
    ),
    "07_remittance": (
        "回收资金超30日未上缴 / Money back, not remitted within 30 days",
        "SELECT * FROM audit_remittance\nWHERE coalesce(remitted_on, {as_of}) - received_on > 30",
    ),
    "08_reinvest": (
        "返投重复认定、超额认定、无依据 / Reinvestment recognised twice, in excess or without evidence",
        ("SELECT investment_id, count(*) AS times, sum(recognised) AS recognised, any_value(invested) AS invested FROM audit_reinvest\n"
        "GROUP BY investment_id\nHAVING sum(recognised) > any_value(invested) OR count(*) > 1 OR bool_or(evidence IS NULL)\nORDER BY investment_id"),
    ),
    "09_direction": (
        "投向：负面清单、债性、集中、关联 / Negative list, debt, concentration, related parties",
        "SELECT * FROM audit_direction\nWHERE flag IS NOT NULL OR instrument = '债权' OR share_of_fund > 0.2 OR related_party",
    ),
    "10_changes": (
        "截止性：期末前后谁改了哪个格子，使目标数增减多少 / Cut-off: who changed which cell around the end, and what it moved",
        ("SELECT * FROM audit_changes\n"
        "WHERE target_effect <> 0 AND (event_on BETWEEN {as_of} - 16 AND {as_of} + 15 OR changed_at::DATE - event_on > 90)\n"
        "ORDER BY target_effect DESC, batch_id, table_name, row_key, field, target_code"),
    ),
}  # fmt: skip
"""Each question's title and its SQL; `{as_of}` is the edition's default date."""


def answered(ledger: Ledger) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Each question's file name, its SQL with the title above it, and its answer, masked as the tables are."""
    masking = Masking.of(ledger)
    as_of = f"DATE '{ledger.default_as_of}'" if ledger.default_as_of else "current_date"
    for name, (title, sql) in QUESTIONS.items():
        text = sql.format(as_of=as_of)
        yield name, f"-- {title}\n{text};\n", masking.applied(name, ledger.query(text))
