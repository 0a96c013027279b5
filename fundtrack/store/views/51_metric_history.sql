-- table metric_history: 指标历史：各季度末，发布时由主引擎计算 / Metrics at each quarter end, computed at publishing
-- metric_history.entity_type: 对象类别：participation 参股，guidance_fund 引导基金，total 合计 / Kind of entity: participation, guidance fund, total
-- metric_history.entity_id: 对象编码；合计为 all / Entity; all for the total
-- metric_history.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- metric_history.day: 季度末；最后一行为截至日期 / Quarter end; the last is the as-of date
-- metric_history.paid_in: 累计出资 / Paid in
-- metric_history.distributed: 累计收回 / Distributed
-- metric_history.nav: 净资产，合计为其中已知的 / NAV; of a total, of those known
-- metric_history.dpi: 收回 ÷ 出资 / Distributed ÷ paid in
-- metric_history.rvpi: 净资产 ÷ 出资，有未知的为空 / NAV ÷ paid in, empty where one is unknown
-- metric_history.tvpi: DPI + RVPI
-- metric_history.irr: 内部收益率（年化），有净资产未知的为空 / IRR, empty where a NAV is unknown
-- metric_history.verdict: 其判定 / Its verdict
-- metric_history.period_return: 不足一年的期间收益率 / Return of the period, under one year
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE metric_history (
    entity_type VARCHAR,
    entity_id VARCHAR,
    currency VARCHAR,
    "day" DATE,
    paid_in DECIMAL(18, 2),
    distributed DECIMAL(18, 2),
    nav DECIMAL(18, 2),
    dpi DOUBLE,
    rvpi DOUBLE,
    tvpi DOUBLE,
    irr DOUBLE,
    verdict VARCHAR,
    period_return DOUBLE
)
