-- view audit_direction: 审计投向：合作基金逐笔投资的工具、行业、集中度与关联；截至各封面最新截至日期 / Where partner funds invested: instrument, industry, concentration, related parties; as of the newest cover date
-- audit_direction.partner_fund_id: 基金编码 / Partner fund
-- audit_direction.company: 被投企业 / Company
-- audit_direction.on_day: 投资日期 / Invested on
-- audit_direction.amount: 投资金额 / Amount
-- audit_direction.instrument: 投资工具：股权、可转债、债权、上市股票、担保、不动产、其他 / Instrument, in Chinese
-- audit_direction.industry: 行业代码 / Industry
-- audit_direction.share_of_fund: 占基金比例 = 该企业未退出成本 ÷ 基金资产；有他币种的为空 / Cost left in the company ÷ assets of the fund; empty where currencies differ
-- audit_direction.related_party: 是否关联交易，空为未申明 / Related party; empty where not stated
-- audit_direction.flag: 负面清单提示，空为未见 / What a negative list names, empty otherwise
-- audit_direction.investment_id: 投资编号 / Investment
-- audit_direction.currency: 币种 / Currency
-- audit_direction.fund_assets: 基金资产：最近报告的净资产，没有的取实缴，再取认缴 / Assets of the fund: net assets of the newest report, else paid in, else committed
-- audit_direction.assets_basis: 基金资产取自 / Where the assets come from
-- read by: auditors
CREATE OR REPLACE VIEW audit_direction AS
SELECT * FROM audit_direction_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
