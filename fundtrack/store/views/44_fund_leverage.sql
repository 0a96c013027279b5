-- view fund_leverage: 计入基金合计的放大倍数及各项比率：截至各封面最新截至日期 / Leverage and other ratios of all funds that count, as of the newest cover date
-- fund_leverage.currency: 币种 / Currency
-- fund_leverage.metric: 指标，见指标目录 / Metric, see the catalogue
-- fund_leverage.value: 分子 ÷ 分母 / Numerator ÷ denominator
-- fund_leverage.numerator: 分子合计，仅计分子分母均已知的基金 / Numerators, of funds that know both sides
-- fund_leverage.denominator: 分母合计 / Denominators
-- fund_leverage.funds: 基金只数 / How many funds
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW fund_leverage AS
SELECT * FROM fund_leverage_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
