-- view company_concentration: 企业集中度：未退出成本在各企业间的分布，合计与各合作基金：截至各封面最新截至日期 / Concentration: how cost left is spread over companies, in all and per partner fund, as of the newest cover date
-- company_concentration.grouped_by: 归集口径：all 合计，partner_fund_id 合作基金 / By what: all, or partner fund
-- company_concentration.member: 该口径下的编码；合计为 all / Its ID; all for the total
-- company_concentration.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- company_concentration.companies: 有未退出成本的企业家数 / Companies with cost left
-- company_concentration.fund_cost: 未退出成本 / Cost left
-- company_concentration.hhi: 赫芬达尔指数 = Σ（各企业未退出成本 ÷ 合计）²，1 为全在一家 / Herfindahl index: sum of the squared shares; 1 is one company
-- company_concentration.top1: 最大一家占比 / Share of the largest
-- company_concentration.top10: 最大十家占比 / Share of the ten largest
-- company_concentration.largest: 最大一家的企业编码 / Which company is the largest
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW company_concentration AS
SELECT * FROM company_concentration_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
