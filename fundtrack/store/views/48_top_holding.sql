-- view top_holding: 前十大企业：引导资金穿透未退出成本最多的企业：截至各封面最新截至日期 / Top ten: the companies with most guidance cost left by look-through, as of the newest cover date
-- top_holding.place: 名次，各币种分别排列 / Place, each currency for itself
-- top_holding.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- top_holding.company: 企业编码（同一有效统一社会信用代码计一家） / Company; rows of one valid USCC are one
-- top_holding.company_name: 企业名称 / Its name
-- top_holding.funds: 持有它的合作基金只数 / Partner funds that hold it
-- top_holding.fund_cost: 合作基金未退出成本 / Cost left of partner funds
-- top_holding.fund_value: 合作基金已估值部分的价值 / Value of the valued
-- top_holding.guidance_cost: 引导资金穿透未退出成本 / The guidance funds' part of the cost left
-- top_holding.guidance_value: 引导资金穿透价值 / of the value
-- top_holding.share: 占同币种全部穿透未退出成本的比例 / Share of all guidance cost left in that currency
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW top_holding AS
SELECT * FROM top_holding_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
