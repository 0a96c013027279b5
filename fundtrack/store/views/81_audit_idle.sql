-- view audit_idle: 审计闲置：引导基金出资后合作基金的投资与账面资金；截至各封面最新截至日期 / Idle money: what partner funds did with the guidance money they were paid; as of the newest cover date
-- audit_idle.partner_fund_id: 基金编码 / Partner fund
-- audit_idle.name: 基金名称 / Name
-- audit_idle.guidance_paid_on: 引导基金首次出资日期 / First paid by a guidance fund on
-- audit_idle.guidance_paid: 引导基金出资 / Paid by guidance funds
-- audit_idle.first_investment_on: 首次投资日期，空为尚未投资 / First investment, empty before any
-- audit_idle.invested: 已投金额；有他币种投资为空 / Invested; empty where an investment is in another currency
-- audit_idle.cash: 货币资金（含理财），最近报告所载 / Cash, wealth products included, of the newest report that states it
-- audit_idle.cash_on: 货币资金日期 / Day of that report
-- audit_idle.idle_days: 闲置天数：最近投资之后最早一笔引导基金出资至该日（已注销的至注销日）；其后已有投资的为0 / Days since the first guidance payment that no investment has followed (until the fund's dissolution); 0 where all were followed
-- audit_idle.idle_ratio: 闲置率 = 货币资金 ÷ 同期实缴 / Cash ÷ paid in, of the same report
-- audit_idle.idle_since: 闲置起始日期 / Idle since
-- audit_idle.idle_paid: 闲置涉及的引导基金出资 / Guidance money paid since then
-- audit_idle.currency: 币种 / Currency
-- read by: auditors
CREATE OR REPLACE VIEW audit_idle AS
SELECT * FROM audit_idle_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
