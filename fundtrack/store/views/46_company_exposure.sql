-- view company_exposure: 合作基金投到各区域、各行业的资金：截至各封面最新截至日期 / Partner funds' money by district and industry, as of the newest cover date
-- company_exposure.grouped_by: 归集口径：district 注册区划，industry 行业 / By what: district registered in, or industry
-- company_exposure.written: 企业所填的代码或名称，空为未填 / Code or name as written, empty where unknown
-- company_exposure.currency: 币种 / Currency
-- company_exposure.investments: 投资笔数 / Investments
-- company_exposure.fund_invested: 基金投资金额 / Invested by partner funds
-- company_exposure.fund_cost: 其中未退出成本 / Cost left
-- company_exposure.fund_value: 已估值部分的价值 / Value of the valued
-- company_exposure.unvalued: 无估值的投资笔数 / Investments without a value
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW company_exposure AS
SELECT * FROM company_exposure_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
