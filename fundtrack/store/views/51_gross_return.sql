-- table gross_return: 合作基金毛收益：基金对企业，发布时由主引擎计算，截至默认日期 / Gross returns of partner funds, fund to companies, computed at publishing, as of the default date
-- gross_return.partner_fund_id: 基金编码 / Partner fund
-- gross_return.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- gross_return.investments: 投资笔数 / Investments
-- gross_return.invested: 投资金额 / Invested
-- gross_return.proceeds: 累计退出实收 / Proceeds of exits
-- gross_return.holding_value: 未退出部分的价值，有未估值的为空 / Value of what is left, empty where one has none
-- gross_return.unvalued: 无估值的投资笔数 / Investments without a value
-- gross_return.moic: 投资回报倍数 =（实收 + 价值）÷ 投资金额 / Proceeds and value ÷ invested
-- gross_return.irr_gross: 毛内部收益率（年化） / Gross IRR
-- gross_return.verdict: 内部收益率的判定：ok、not_annualised、no_sign_change、too_short、multiple_roots、no_root / Verdict of the IRR
-- gross_return.period_return: 不足一年的期间收益率 / Return of the period, under one year
-- gross_return.as_of: 截至日期 / As of
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE gross_return (
    partner_fund_id VARCHAR,
    currency VARCHAR,
    investments INTEGER,
    invested DECIMAL(18, 2),
    proceeds DECIMAL(18, 2),
    holding_value DECIMAL(18, 2),
    unvalued INTEGER,
    moic DOUBLE,
    irr_gross DOUBLE,
    verdict VARCHAR,
    period_return DOUBLE,
    as_of DATE
)
