-- macro company_overlap_at(as_of, batch): 企业重叠：由两只以上合作基金持有未退出成本的企业 / Overlap: companies in which several partner funds hold cost
-- company_overlap_at.company: 企业编码（同一有效统一社会信用代码计一家） / Company; rows of one valid USCC are one
-- company_overlap_at.company_name: 企业名称 / Its name
-- company_overlap_at.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- company_overlap_at.funds: 以该币种持有它的合作基金只数 / Partner funds that hold it in that currency
-- company_overlap_at.partner_fund_ids: 这些基金的编码，以逗号分隔 / Their IDs, separated by commas
-- company_overlap_at.fund_cost: 合作基金未退出成本 / Cost left of partner funds
-- company_overlap_at.guidance_cost: 引导资金穿透未退出成本 / The guidance funds' part of it
-- read by: company_overlap, fundtrack.load.agree
CREATE OR REPLACE MACRO company_overlap_at(as_of, batch) AS TABLE
WITH overlap_held AS MATERIALIZED (
    SELECT company, company_name, currency, partner_fund_id, cost_left, guidance_cost
    FROM investment_holding_at(as_of, batch)
    WHERE cost_left > 0 AND company IS NOT NULL
),
overlap_shared AS (
    SELECT company FROM overlap_held GROUP BY company HAVING count(DISTINCT partner_fund_id) > 1
)
SELECT
    company, company_name, currency, count(DISTINCT partner_fund_id) AS funds,
    string_agg(DISTINCT partner_fund_id, ', ' ORDER BY partner_fund_id) AS partner_fund_ids,
    CAST(sum(cost_left) AS DECIMAL(18, 2)) AS fund_cost, CAST(sum(guidance_cost) AS DECIMAL(18, 2)) AS guidance_cost
FROM overlap_held
WHERE company IN (SELECT company FROM overlap_shared)
GROUP BY company, company_name, currency
ORDER BY company, currency
