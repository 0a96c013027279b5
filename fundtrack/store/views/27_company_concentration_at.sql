-- macro company_concentration_at(as_of, batch): 企业集中度：未退出成本在各企业间的分布，合计与各合作基金 / Concentration: how cost left is spread over companies, in all and per partner fund
-- company_concentration_at.grouped_by: 归集口径：all 合计，partner_fund_id 合作基金 / By what: all, or partner fund
-- company_concentration_at.member: 该口径下的编码；合计为 all / Its ID; all for the total
-- company_concentration_at.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- company_concentration_at.companies: 有未退出成本的企业家数 / Companies with cost left
-- company_concentration_at.fund_cost: 未退出成本 / Cost left
-- company_concentration_at.hhi: 赫芬达尔指数 = Σ（各企业未退出成本 ÷ 合计）²，1 为全在一家 / Herfindahl index: sum of the squared shares; 1 is one company
-- company_concentration_at.top1: 最大一家占比 / Share of the largest
-- company_concentration_at.top10: 最大十家占比 / Share of the ten largest
-- company_concentration_at.largest: 最大一家的企业编码 / Which company is the largest
-- read by: company_concentration, fundtrack.load.agree
CREATE OR REPLACE MACRO company_concentration_at(as_of, batch) AS TABLE
WITH spread_label AS (
    SELECT
        held.company, held.currency, held.cost_left,
        unnest(['all', 'partner_fund_id']) AS grouped_by,
        unnest(['all', held.partner_fund_id]) AS member
    FROM investment_holding_at(as_of, batch) AS held
),
spread_company AS (
    SELECT grouped_by, member, currency, company, sum(cost_left) AS cost
    FROM spread_label
    GROUP BY grouped_by, member, currency, company
    HAVING sum(cost_left) > 0
),
spread_part AS (
    SELECT
        *,
        CAST(cost AS DOUBLE) / CAST(sum(cost) OVER alike AS DOUBLE) AS part,
        row_number() OVER (
            PARTITION BY grouped_by, member, currency ORDER BY cost DESC, company ASC NULLS FIRST
        ) AS place
    FROM spread_company
    WINDOW alike AS (PARTITION BY grouped_by, member, currency)
)
SELECT
    grouped_by, member, currency, count(*) AS companies, CAST(sum(cost) AS DECIMAL(18, 2)) AS fund_cost,
    sum(part * part) AS hhi, max(part) AS top1, sum(part) FILTER (WHERE place <= 10) AS top10,
    max(company) FILTER (WHERE place = 1) AS largest
FROM spread_part
GROUP BY grouped_by, member, currency
ORDER BY grouped_by, member, currency
