-- macro investment_holding_at(as_of, batch): 各笔项目投资该日的成本、退出、价值，及引导资金穿透份额 / Each investment on the day: cost, exits, value, and the guidance funds' part
-- investment_holding_at.investment_id: 投资编号 / Investment
-- investment_holding_at.partner_fund_id: 基金编码 / Partner fund
-- investment_holding_at.company: 企业（同一有效统一社会信用代码计一家） / Company; rows of one valid USCC are one
-- investment_holding_at.company_name: 企业名称 / Its name
-- investment_holding_at.invested_on: 投资日期 / Invested on
-- investment_holding_at.stage: 阶段 / Stage
-- investment_holding_at.currency: 币种 / Currency
-- investment_holding_at.amount: 投资金额 / Invested
-- investment_holding_at.exit_cost: 累计退出成本；退出为他币种的为空 / Cost of exits; empty where one is in another currency
-- investment_holding_at.proceeds: 累计退出实收 / Proceeds of exits
-- investment_holding_at.cost_left: 未退出成本 / Cost left
-- investment_holding_at.value_left: 最近估值，其后部分退出的按剩余成本比例；未估值为空 / Newest value, of the cost that is left; empty without a valuation
-- investment_holding_at.valued_on: 估值日期 / Valued on
-- investment_holding_at.part: 该基金中引导基金实缴合计 / Paid into the fund by guidance funds
-- investment_holding_at.whole: 该基金全体实缴 / Paid into the fund by all
-- investment_holding_at.guidance_invested: 引导资金穿透投资额 = 投资金额 × part ÷ whole，四舍五入到分 / The guidance funds' part of the amount
-- investment_holding_at.guidance_cost: 引导资金穿透未退出成本 / of the cost left
-- investment_holding_at.guidance_value: 引导资金穿透价值 / of the value
-- investment_holding_at.district: 注册区划代码（该日有效） / District registered in, by its code of the day
-- investment_holding_at.district_name: 其名称 / Its name
-- investment_holding_at.city: 所属城市代码 / City
-- investment_holding_at.city_name: 城市名称 / Name of the city
-- investment_holding_at.operating_district: 经营区划代码（该日有效） / District operating in
-- investment_holding_at.operating_district_name: 其名称 / Its name
-- investment_holding_at.industry_section: 行业门类 / Section
-- investment_holding_at.industry_section_name: 门类名称 / Name of the section
-- investment_holding_at.industry_division: 行业大类 / Division
-- investment_holding_at.industry_division_name: 大类名称 / Name of the division
-- read by: investment_holding, company_exposure_at, fundtrack.load.agree
CREATE OR REPLACE MACRO investment_holding_at(as_of, batch) AS TABLE
WITH stake_exit AS (
    SELECT
        gone.investment_id, coalesce(sum(gone.cost), 0) AS exit_cost, coalesce(sum(gone.proceeds), 0) AS proceeds,
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
        made.investment_id, made.partner_fund_id, made.company_id, made.invested_on, made.stage, made.currency, made.amount,
        stake_valued.worth, stake_valued.valued_on,
        CASE WHEN NOT coalesce(stake_exit.mixed, false) THEN coalesce(stake_exit.exit_cost, 0) END AS exit_cost,
        CASE WHEN NOT coalesce(stake_exit.mixed, false) THEN coalesce(stake_exit.proceeds, 0) END AS proceeds,
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
stake_share AS (
    SELECT
        partner_fund_id,
        CASE WHEN count(*) = count(part) AND sum(part) <= max(whole) THEN sum(part) END AS part,
        CASE WHEN count(*) = count(part) AND sum(part) <= max(whole) THEN max(whole) END AS whole
    FROM guidance_stake_at(as_of, batch)
    GROUP BY partner_fund_id
),
stake_guided AS (
    SELECT
        stake_worth.*, stake_share.part, stake_share.whole,
        CAST(stake_share.part * 100 AS HUGEINT) AS part_cents, CAST(stake_share.whole * 100 AS HUGEINT) AS whole_cents,
        CAST(amount * 100 AS HUGEINT) AS amount_cents, CAST(cost_left * 100 AS HUGEINT) AS cost_cents,
        CAST(value_left * 100 AS HUGEINT) AS value_cents
    FROM stake_worth
    LEFT JOIN stake_share ON stake_share.partner_fund_id = stake_worth.partner_fund_id
),
stake_cents AS (
    -- parts, rounded half up on the size
    SELECT
        *,
        sign(amount_cents) * ((2 * abs(amount_cents) * part_cents + whole_cents) // nullif(2 * whole_cents, 0)) AS invested_part,
        sign(cost_cents) * ((2 * abs(cost_cents) * part_cents + whole_cents) // nullif(2 * whole_cents, 0)) AS cost_part,
        sign(value_cents) * ((2 * abs(value_cents) * part_cents + whole_cents) // nullif(2 * whole_cents, 0)) AS value_part
    FROM stake_guided
)
SELECT
    stake_cents.investment_id, stake_cents.partner_fund_id, spot.company, spot.company_name,
    stake_cents.invested_on, stake_cents.stage, stake_cents.currency, stake_cents.amount,
    CAST(exit_cost AS DECIMAL(18, 2)) AS exit_cost, CAST(proceeds AS DECIMAL(18, 2)) AS proceeds,
    CAST(cost_left AS DECIMAL(18, 2)) AS cost_left, CAST(value_left AS DECIMAL(18, 2)) AS value_left, valued_on,
    CAST(part AS DECIMAL(18, 2)) AS part, CAST(whole AS DECIMAL(18, 2)) AS whole,
    CAST(CAST(invested_part AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) AS guidance_invested,
    CAST(CAST(cost_part AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) AS guidance_cost,
    CAST(CAST(value_part AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) AS guidance_value,
    spot.district, spot.district_name, spot.city, spot.city_name, spot.operating_district, spot.operating_district_name,
    spot.industry_section, spot.industry_section_name, spot.industry_division, spot.industry_division_name
FROM stake_cents
LEFT JOIN company_place_at(as_of, batch) AS spot ON spot.company_id = stake_cents.company_id
ORDER BY stake_cents.investment_id
