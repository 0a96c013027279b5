-- macro realised_result_at(as_of, batch): 已实现与未实现：项目投资的退出与留存，合计与各合作基金 / Realised and unrealised: what came back of investments and what is left, in all and per partner fund
-- realised_result_at.grouped_by: 归集口径：all 合计，partner_fund_id 合作基金 / By what: all, or partner fund
-- realised_result_at.member: 该口径下的编码；合计为 all / Its ID; all for the total
-- realised_result_at.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- realised_result_at.investments: 投资笔数 / Investments
-- realised_result_at.invested: 投资金额 / Invested
-- realised_result_at.exit_cost: 累计退出成本；退出为他币种的不计 / Cost of exits; those in another currency left out
-- realised_result_at.proceeds: 累计退出实收 / Proceeds of exits
-- realised_result_at.gain_realised: 已实现收益 = 实收 − 退出成本 / Realised gain: proceeds less cost of exits
-- realised_result_at.cost_left: 未退出成本 / Cost left
-- realised_result_at.holding_value: 已估值部分的价值；全无估值为空 / Value of the valued; empty where none is
-- realised_result_at.gain_unrealised: 未实现收益 = 价值 − 未退出成本，仅已估值部分 / Unrealised gain of the valued: value less cost left
-- realised_result_at.cost_valued: 已估值部分的未退出成本 / Cost left of the valued
-- realised_result_at.unvalued: 无估值的投资笔数 / Investments without a value
-- realised_result_at.multiple_realised: 已实现倍数 = 实收 ÷ 退出成本 / Proceeds ÷ cost of exits
-- realised_result_at.multiple_unrealised: 未实现倍数 = 价值 ÷ 已估值部分的未退出成本 / Value ÷ cost left of the valued
-- read by: realised_result, fundtrack.load.agree
CREATE OR REPLACE MACRO realised_result_at(as_of, batch) AS TABLE
WITH result_label AS (
    SELECT
        held.*,
        unnest(['all', 'partner_fund_id']) AS grouped_by,
        unnest(['all', held.partner_fund_id]) AS member
    FROM investment_holding_at(as_of, batch) AS held
),
result_sum AS (
    SELECT
        grouped_by, member, currency, count(*) AS investments, sum(amount) AS invested, sum(exit_cost) AS exit_cost,
        sum(proceeds) AS proceeds, sum(proceeds - exit_cost) AS gain_realised, sum(cost_left) AS cost_left,
        sum(value_left) AS holding_value, sum(value_left - cost_left) AS gain_unrealised,
        coalesce(sum(cost_left) FILTER (WHERE value_left IS NOT NULL), 0) AS cost_valued,
        count(*) - count(value_left) AS unvalued
    FROM result_label
    GROUP BY grouped_by, member, currency
)
SELECT
    grouped_by, member, currency, investments,
    CAST(invested AS DECIMAL(18, 2)) AS invested, CAST(exit_cost AS DECIMAL(18, 2)) AS exit_cost,
    CAST(proceeds AS DECIMAL(18, 2)) AS proceeds, CAST(gain_realised AS DECIMAL(18, 2)) AS gain_realised,
    CAST(cost_left AS DECIMAL(18, 2)) AS cost_left, CAST(holding_value AS DECIMAL(18, 2)) AS holding_value,
    CAST(gain_unrealised AS DECIMAL(18, 2)) AS gain_unrealised, CAST(cost_valued AS DECIMAL(18, 2)) AS cost_valued, unvalued,
    CAST(proceeds AS DOUBLE) / nullif(CAST(exit_cost AS DOUBLE), 0) AS multiple_realised,
    CAST(holding_value AS DOUBLE) / nullif(CAST(cost_valued AS DOUBLE), 0) AS multiple_unrealised
FROM result_sum
ORDER BY grouped_by, member, currency
