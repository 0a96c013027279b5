-- macro fund_overlap_at(as_of, batch): 基金重叠：两只合作基金共同持有的企业家数 / Overlap of funds: how many companies two partner funds both hold
-- fund_overlap_at.one_fund: 一只合作基金编码 / One partner fund
-- fund_overlap_at.other_fund: 另一只合作基金编码 / The other partner fund
-- fund_overlap_at.companies: 共同持有未退出成本的企业家数 / Companies in which both hold cost
-- read by: fund_overlap, fundtrack.load.agree
CREATE OR REPLACE MACRO fund_overlap_at(as_of, batch) AS TABLE
WITH pair_held AS MATERIALIZED (
    SELECT DISTINCT company, partner_fund_id
    FROM investment_holding_at(as_of, batch)
    WHERE cost_left > 0 AND company IS NOT NULL
)
SELECT one.partner_fund_id AS one_fund, other.partner_fund_id AS other_fund, count(*) AS companies
FROM pair_held AS one
JOIN pair_held AS other ON other.company = one.company AND other.partner_fund_id > one.partner_fund_id
GROUP BY one.partner_fund_id, other.partner_fund_id
ORDER BY companies DESC, one_fund, other_fund
