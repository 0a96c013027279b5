-- table fund_metric: 指标结果：发布时由主引擎计算，截至默认日期 / Metrics computed at publishing, as of the default date
-- fund_metric.entity_type: 对象类别：participation 参股，partner_fund 合作基金，guidance_fund 引导基金，vintage 首次出资年份，total 合计 / Kind of entity: participation, partner fund, guidance fund, vintage year, total
-- fund_metric.entity_id: 对象编码；合计为 all / Entity; all for the total
-- fund_metric.metric: 指标，见指标目录 / Metric, see the catalogue
-- fund_metric.value: 比率或倍数，空为未知 / Ratio or multiple, empty where unknown
-- fund_metric.amount: 金额，单位：币种列所载货币的元 / Amount in units of the currency
-- fund_metric.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- fund_metric.verdict: 判定：内部收益率为 ok、not_annualised、no_sign_change、too_short、multiple_roots、no_root；公开市场等价为所用指数代码 / Verdict of an IRR; of a PME the code of its index
-- fund_metric.as_of: 截至日期 / As of
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE fund_metric (
    entity_type VARCHAR,
    entity_id VARCHAR,
    metric VARCHAR,
    value DOUBLE,
    amount DECIMAL(18, 2),
    currency VARCHAR,
    verdict VARCHAR,
    as_of DATE
)
