-- table horizon_return: 分期收益：近 1、3、5、10 年，发布时由主引擎计算，截至默认日期 / Horizon returns over 1, 3, 5 and 10 years, computed at publishing, as of the default date
-- horizon_return.entity_type: 对象类别：participation 参股，guidance_fund 引导基金，total 合计 / Kind of entity: participation, guidance fund, total
-- horizon_return.entity_id: 对象编码；合计为 all / Entity; all for the total
-- horizon_return.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- horizon_return.years: 年数 / Years
-- horizon_return.known_only: 是否只含两端净资产均已知的参股，仅合计有 / Only participations whose NAV is known at both ends; of the total only
-- horizon_return.start_on: 期初日 / First day
-- horizon_return.as_of: 截至日期 / As of
-- horizon_return.first_on: 首笔往来日期 / Day of the first flow
-- horizon_return.nav_start: 期初净资产，有未知的为空 / Opening NAV, empty where one is unknown
-- horizon_return.paid_in: 其间出资 / Paid in since
-- horizon_return.distributed: 其间收回 / Distributed since
-- horizon_return.nav_end: 期末净资产，有未知的为空 / Closing NAV, empty where one is unknown
-- horizon_return.gain: 其间收益 = 收回 + 期末 − 期初 − 出资 / Gain: distributed and closing NAV less opening NAV and paid in
-- horizon_return.irr: 其间内部收益率（年化） / IRR of the horizon
-- horizon_return.verdict: 内部收益率的判定：ok、not_annualised、no_sign_change、too_short、multiple_roots、no_root / Verdict of the IRR
-- horizon_return.period_return: 不足一年的期间收益率 / Return of the period, under one year
-- horizon_return.known_share: 计入者占出资的比例 / Share of paid-in that is counted
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE horizon_return (
    entity_type VARCHAR,
    entity_id VARCHAR,
    currency VARCHAR,
    years INTEGER,
    known_only BOOLEAN,
    start_on DATE,
    as_of DATE,
    first_on DATE,
    nav_start DECIMAL(18, 2),
    paid_in DECIMAL(18, 2),
    distributed DECIMAL(18, 2),
    nav_end DECIMAL(18, 2),
    gain DECIMAL(18, 2),
    irr DOUBLE,
    verdict VARCHAR,
    period_return DOUBLE,
    known_share DOUBLE
)
