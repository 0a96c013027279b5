-- view company_exposure: 穿透：资金在企业中的分布：截至各封面最新截至日期 / Look-through: money in companies, as of the newest cover date
-- company_exposure.grouped_by: 归集口径：all 合计，district 注册区划，city 城市，operating_district 经营区划，industry_section 行业门类，industry_division 行业大类，stage 阶段，year 投资年份，company 企业，partner_fund_id 合作基金 / By what
-- company_exposure.member: 该口径下的代码或编码，空为不详 / The code within it; empty where unknown
-- company_exposure.name: 其名称 / Its name
-- company_exposure.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- company_exposure.companies: 企业家数 / Companies
-- company_exposure.investments: 投资笔数 / Investments
-- company_exposure.fund_invested: 合作基金投资金额 / Invested by partner funds
-- company_exposure.fund_cost: 其中未退出成本 / Cost left
-- company_exposure.fund_value: 已估值部分的价值 / Value of the valued
-- company_exposure.guidance_invested: 引导资金穿透投资额 / The guidance funds' part of what was invested
-- company_exposure.guidance_cost: 引导资金穿透未退出成本 / of the cost left
-- company_exposure.guidance_value: 引导资金穿透价值 / of the value of the valued
-- company_exposure.unvalued: 无估值的投资笔数 / Investments without a value
-- company_exposure.share_unknown: 引导基金占比不详的投资笔数 / Investments of funds whose guidance share is unknown
-- company_exposure.fund_share: 占同币种全部投资金额的比例，不详的在内 / Share of all invested in that currency, the unknown too
-- company_exposure.share: 占同币种全部穿透投资额的比例 / Share of all guidance money invested in that currency
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW company_exposure AS
SELECT * FROM company_exposure_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
