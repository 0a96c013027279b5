-- view company_overlap: 企业重叠：由两只以上合作基金持有未退出成本的企业：截至各封面最新截至日期 / Overlap: companies in which several partner funds hold cost, as of the newest cover date
-- company_overlap.company: 企业编码（同一有效统一社会信用代码计一家） / Company; rows of one valid USCC are one
-- company_overlap.company_name: 企业名称 / Its name
-- company_overlap.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- company_overlap.funds: 以该币种持有它的合作基金只数 / Partner funds that hold it in that currency
-- company_overlap.partner_fund_ids: 这些基金的编码，以逗号分隔 / Their IDs, separated by commas
-- company_overlap.fund_cost: 合作基金未退出成本 / Cost left of partner funds
-- company_overlap.guidance_cost: 引导资金穿透未退出成本 / The guidance funds' part of it
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW company_overlap AS
SELECT * FROM company_overlap_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
