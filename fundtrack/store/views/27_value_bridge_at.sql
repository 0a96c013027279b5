-- macro value_bridge_at(as_of, batch): 净值变动桥：上年同日至该日净资产的变动，各参股、各引导基金和合计，以本币计 / Value bridge: how NAV went from the same day a year before to the day, per participation, guidance fund and in all, in their own currency
-- value_bridge_at.grouped_by: 归集口径：all 合计，guidance_fund_id 引导基金，participation_id 参股 / By what: all, guidance fund, participation
-- value_bridge_at.member: 该口径下的编码；合计为 all / Its ID; all for the total
-- value_bridge_at.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- value_bridge_at.start_on: 期初日 / First day: its NAV is the opening one
-- value_bridge_at.end_on: 期末日 / Last day
-- value_bridge_at.nav_start: 期初净资产；净资产均未知为空 / Opening NAV; empty where none is known
-- value_bridge_at.calls: 其间缴款 / Calls since
-- value_bridge_at.distributions: 其间收回 / Distributions since
-- value_bridge_at.valuation_change: 估值变动 = 期末 − 期初 − 缴款 + 收回 / Valuation change: what calls and distributions do not explain
-- value_bridge_at.fx_effect: 汇率影响，本币计为零 / FX effect: none in their own currency
-- value_bridge_at.nav_end: 期末净资产 / Closing NAV
-- value_bridge_at.known: 两端净资产均已知而计入的参股笔数 / Participations in the sums: NAV known at both ends
-- value_bridge_at.unknown: 有一端未知而未计入的参股笔数 / Participations left out: a NAV is unknown
-- value_bridge_at.left_over: 校验 = 期初 + 缴款 − 收回 + 估值变动 + 汇率影响 − 期末，应为 0.00 / Check: what the steps leave over, 0.00
-- value_bridge_at.oldest_start: 期初净资产的最早日期 / Oldest NAV date at the start
-- value_bridge_at.oldest_end: 期末净资产的最早日期 / Oldest NAV date at the end
-- read by: value_bridge, fundtrack.load.agree
CREATE OR REPLACE MACRO value_bridge_at(as_of, batch) AS TABLE
WITH bridge_day AS (
    SELECT CAST(CAST(as_of AS DATE) - INTERVAL 1 YEAR AS DATE) AS day, true AS opening
    UNION ALL
    SELECT CAST(as_of AS DATE), false
),
bridge_flow AS (
    SELECT
        flow.participation_id, flow.occurred_on, flow.currency <> stake.currency AS other_money,
        CASE WHEN flow.kind = 'call' THEN flow.amount ELSE 0 END AS called,
        CASE WHEN flow.kind IN ('distribution', 'recallable', 'exit_proceeds') THEN flow.amount ELSE 0 END AS returned,
        CASE WHEN flow.kind IN ('call', 'fee_outside') THEN flow.amount ELSE 0 END AS paid
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    WHERE flow.amount IS NOT NULL AND flow.occurred_on <= CAST(as_of AS DATE)
),
bridge_reading AS (
    SELECT bridge_day.opening, n.participation_id, n.nav, n.nav_on
    FROM bridge_day
    JOIN nav_at(batch) AS n ON n.nav_on <= bridge_day.day
    QUALIFY row_number() OVER (PARTITION BY bridge_day.opening, n.participation_id ORDER BY n.nav_on DESC, n.preference) = 1
),
bridge_moved AS (
    -- before its first flow a participation was worth nothing, and has no row
    SELECT
        bridge_day.opening, bridge_flow.participation_id, max(bridge_reading.nav_on) AS nav_on, max(bridge_reading.nav) AS nav,
        coalesce(bool_or(bridge_flow.other_money), false) AS mixed, sum(bridge_flow.paid) AS paid,
        coalesce(sum(bridge_flow.called) FILTER (WHERE bridge_flow.occurred_on > bridge_reading.nav_on), 0) AS called_since,
        coalesce(sum(bridge_flow.returned) FILTER (WHERE bridge_flow.occurred_on > bridge_reading.nav_on), 0) AS returned_since
    FROM bridge_day
    JOIN bridge_flow ON bridge_flow.occurred_on <= bridge_day.day
    LEFT JOIN bridge_reading
        ON bridge_reading.participation_id = bridge_flow.participation_id AND bridge_reading.opening = bridge_day.opening
    GROUP BY bridge_day.opening, bridge_flow.participation_id
),
bridge_worth AS (
    SELECT
        opening, participation_id, nav_on,
        CASE
            WHEN mixed THEN NULL
            WHEN nav_on IS NULL AND paid = 0 THEN 0
            ELSE nav + called_since - returned_since
        END AS worth
    FROM bridge_moved
),
bridge_between AS (
    SELECT bridge_flow.participation_id, sum(bridge_flow.called) AS calls, sum(bridge_flow.returned) AS distributions
    FROM bridge_flow
    JOIN bridge_day ON bridge_day.opening AND bridge_flow.occurred_on > bridge_day.day
    GROUP BY bridge_flow.participation_id
),
bridge_step AS (
    SELECT
        stake.participation_id, stake.guidance_fund_id, stake.currency,
        CASE WHEN opened.participation_id IS NULL THEN 0 ELSE opened.worth END AS nav_start, closed.worth AS nav_end,
        coalesce(bridge_between.calls, 0) AS calls, coalesce(bridge_between.distributions, 0) AS distributions,
        opened.nav_on AS start_nav_on, closed.nav_on AS end_nav_on
    FROM participation_at(batch) AS stake
    JOIN bridge_worth AS closed ON closed.participation_id = stake.participation_id AND NOT closed.opening
    LEFT JOIN bridge_worth AS opened ON opened.participation_id = stake.participation_id AND opened.opening
    LEFT JOIN bridge_between ON bridge_between.participation_id = stake.participation_id
),
bridge_label AS (
    SELECT
        *,
        nav_start IS NOT NULL AND nav_end IS NOT NULL AS told,
        unnest(['all', 'guidance_fund_id', 'participation_id']) AS grouped_by,
        unnest(['all', guidance_fund_id, participation_id]) AS member
    FROM bridge_step
),
bridge_sum AS (
    SELECT
        grouped_by, member, currency,
        CAST(sum(nav_start) FILTER (WHERE told) AS DECIMAL(18, 2)) AS nav_start,
        CAST(sum(calls) FILTER (WHERE told) AS DECIMAL(18, 2)) AS calls,
        CAST(sum(distributions) FILTER (WHERE told) AS DECIMAL(18, 2)) AS distributions,
        CAST(sum(nav_end - nav_start - calls + distributions) FILTER (WHERE told) AS DECIMAL(18, 2)) AS valuation_change,
        CAST(sum(CAST(0 AS DECIMAL(18, 2))) FILTER (WHERE told) AS DECIMAL(18, 2)) AS fx_effect,
        CAST(sum(nav_end) FILTER (WHERE told) AS DECIMAL(18, 2)) AS nav_end,
        count(*) FILTER (WHERE told) AS known, count(*) FILTER (WHERE NOT told) AS unknown,
        min(start_nav_on) AS oldest_start, min(end_nav_on) AS oldest_end
    FROM bridge_label
    GROUP BY grouped_by, member, currency
)
SELECT
    bridge_sum.grouped_by, bridge_sum.member, bridge_sum.currency, bridge_day.day AS start_on, CAST(as_of AS DATE) AS end_on,
    nav_start, calls, distributions, valuation_change, fx_effect, nav_end, known, unknown,
    CAST(nav_start + calls - distributions + valuation_change + fx_effect - nav_end AS DECIMAL(18, 2)) AS left_over,
    oldest_start, oldest_end
FROM bridge_sum
JOIN bridge_day ON bridge_day.opening
ORDER BY bridge_sum.grouped_by, bridge_sum.member, bridge_sum.currency
