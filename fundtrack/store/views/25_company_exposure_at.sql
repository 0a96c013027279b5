-- macro company_exposure_at(as_of, batch): 合作基金投到各区域、各行业的资金（按企业所填区划和行业代码原样归集） / Partner funds' money in companies, by district and by industry as written
-- company_exposure_at.grouped_by: 归集口径：district 注册区划，industry 行业 / By what: district registered in, or industry
-- company_exposure_at.written: 企业所填的代码或名称，空为未填 / Code or name as written, empty where unknown
-- company_exposure_at.currency: 币种 / Currency
-- company_exposure_at.investments: 投资笔数 / Investments
-- company_exposure_at.fund_invested: 基金投资金额 / Invested by partner funds
-- company_exposure_at.fund_cost: 其中未退出成本 / Cost left
-- company_exposure_at.fund_value: 已估值部分的价值 / Value of the valued
-- company_exposure_at.unvalued: 无估值的投资笔数 / Investments without a value
-- read by: company_exposure, fundtrack.load.agree
CREATE OR REPLACE MACRO company_exposure_at(as_of, batch) AS TABLE
WITH stake_exit AS (
    SELECT
        gone.investment_id, coalesce(sum(gone.cost), 0) AS exit_cost,
        coalesce(bool_or(gone.currency <> made.currency), false) AS mixed
    FROM investment_exit_at(batch) AS gone
    JOIN investment_at(batch) AS made ON made.investment_id = gone.investment_id
    WHERE gone.exited_on <= CAST(as_of AS DATE) AND made.invested_on <= CAST(as_of AS DATE)
    GROUP BY gone.investment_id
),
stake_valued AS (
    SELECT
        hv.investment_id, hv.valued_on, hv.value AS worth, hv.cost AS at_cost,
        row_number() OVER (PARTITION BY hv.investment_id ORDER BY hv.valued_on DESC) AS place
    FROM holding_valuation_at(batch) AS hv
    JOIN investment_at(batch) AS made ON made.investment_id = hv.investment_id
    WHERE hv.valued_on <= CAST(as_of AS DATE) AND hv.value IS NOT NULL
        AND coalesce(hv.currency, made.currency) = made.currency
),
stake_since AS (
    SELECT stake_valued.investment_id, sum(gone.cost) AS exit_cost
    FROM stake_valued
    JOIN investment_exit_at(batch) AS gone ON gone.investment_id = stake_valued.investment_id
    WHERE stake_valued.place = 1 AND gone.exited_on > stake_valued.valued_on AND gone.exited_on <= CAST(as_of AS DATE)
    GROUP BY stake_valued.investment_id
),
stake_left AS (
    SELECT
        made.investment_id, made.company_id, made.currency, made.amount, stake_valued.worth,
        CASE WHEN NOT coalesce(stake_exit.mixed, false) THEN made.amount - coalesce(stake_exit.exit_cost, 0) END AS cost_left,
        CASE WHEN NOT coalesce(stake_exit.mixed, false) THEN coalesce(stake_since.exit_cost, 0) END AS since,
        coalesce(stake_exit.exit_cost, 0) > 0 AS sold,
        CAST(stake_valued.worth * 100 AS HUGEINT) * CAST((stake_valued.at_cost - coalesce(stake_since.exit_cost, 0)) * 100 AS HUGEINT) AS above,
        CAST(stake_valued.at_cost * 100 AS HUGEINT) AS below
    FROM investment_at(batch) AS made
    LEFT JOIN stake_exit ON stake_exit.investment_id = made.investment_id
    LEFT JOIN stake_valued ON stake_valued.investment_id = made.investment_id AND stake_valued.place = 1
    LEFT JOIN stake_since ON stake_since.investment_id = made.investment_id
    WHERE made.invested_on <= CAST(as_of AS DATE)
),
stake_worth AS (
    SELECT
        *,
        CASE
            WHEN cost_left <= 0 AND sold THEN 0
            WHEN since = 0 THEN worth
            -- the part of the value whose cost is left, rounded half up on the size
            WHEN since > 0 AND below <> 0 THEN CAST(
                sign(above) * sign(below) * ((2 * abs(above) + abs(below)) // (2 * abs(below))) AS DECIMAL(18, 0)
            ) * CAST(0.01 AS DECIMAL(3, 2))
        END AS value_left
    FROM stake_left
),
stake_place AS (
    SELECT 'district' AS grouped_by, co.district AS written, stake_worth.*
    FROM stake_worth LEFT JOIN company_at(batch) AS co ON co.company_id = stake_worth.company_id
    UNION ALL
    SELECT 'industry', co.industry, stake_worth.*
    FROM stake_worth LEFT JOIN company_at(batch) AS co ON co.company_id = stake_worth.company_id
)
SELECT
    grouped_by, written, currency, count(*) AS investments,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS fund_invested,
    CAST(sum(cost_left) AS DECIMAL(18, 2)) AS fund_cost,
    CAST(sum(value_left) AS DECIMAL(18, 2)) AS fund_value,
    count(*) - count(value_left) AS unvalued
FROM stake_place
GROUP BY grouped_by, written, currency
ORDER BY grouped_by, written, currency
