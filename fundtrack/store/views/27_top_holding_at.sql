-- macro top_holding_at(as_of, batch): 前十大企业：引导资金穿透未退出成本最多的企业 / Top ten: the companies with most guidance cost left by look-through
-- top_holding_at.place: 名次，各币种分别排列 / Place, each currency for itself
-- top_holding_at.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- top_holding_at.company: 企业编码（同一有效统一社会信用代码计一家） / Company; rows of one valid USCC are one
-- top_holding_at.company_name: 企业名称 / Its name
-- top_holding_at.funds: 持有它的合作基金只数 / Partner funds that hold it
-- top_holding_at.fund_cost: 合作基金未退出成本 / Cost left of partner funds
-- top_holding_at.fund_value: 合作基金已估值部分的价值 / Value of the valued
-- top_holding_at.guidance_cost: 引导资金穿透未退出成本 / The guidance funds' part of the cost left
-- top_holding_at.guidance_value: 引导资金穿透价值 / of the value
-- top_holding_at.share: 占同币种全部穿透未退出成本的比例 / Share of all guidance cost left in that currency
-- read by: top_holding, fundtrack.load.agree
CREATE OR REPLACE MACRO top_holding_at(as_of, batch) AS TABLE
WITH top_company AS (
    SELECT
        currency, company, company_name, count(DISTINCT partner_fund_id) AS funds, sum(cost_left) AS fund_cost,
        sum(value_left) AS fund_value, sum(guidance_cost) AS guidance_cost, sum(guidance_value) AS guidance_value
    FROM investment_holding_at(as_of, batch)
    GROUP BY currency, company, company_name
),
top_ranked AS (
    SELECT
        *,
        sum(guidance_cost) OVER (PARTITION BY currency) AS whole,
        row_number() OVER (
            PARTITION BY currency ORDER BY guidance_cost DESC NULLS LAST, company ASC NULLS LAST
        ) AS place
    FROM top_company
)
SELECT
    place, currency, company, company_name, funds,
    CAST(fund_cost AS DECIMAL(18, 2)) AS fund_cost, CAST(fund_value AS DECIMAL(18, 2)) AS fund_value,
    CAST(guidance_cost AS DECIMAL(18, 2)) AS guidance_cost, CAST(guidance_value AS DECIMAL(18, 2)) AS guidance_value,
    CAST(guidance_cost AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0) AS share
FROM top_ranked
WHERE place <= 10 AND guidance_cost > 0
ORDER BY currency, place
