-- macro participation_summary_at(as_of, batch): 某日、某批次所知的参股情况 / Participations as they were on a day, as known after a batch
-- participation_summary_at.participation_id: 参股编号 / Participation
-- participation_summary_at.guidance_fund_id: 引导基金编码 / Guidance fund
-- participation_summary_at.partner_fund_id: 基金编码 / Partner fund
-- participation_summary_at.commitment: 认缴金额 / Commitment
-- participation_summary_at.paid_in: 累计出资 = 缴款 + 认缴外管理费；有他币种流水为空 / Calls and fees outside; empty where a flow is in another currency
-- participation_summary_at.distributed: 累计收回 = 分配 + 可召回分配 + 退出回款 / Distributions, recallable ones and exit proceeds
-- participation_summary_at.recallable: 其中可召回分配 / Of which recallable
-- participation_summary_at.nav: 引导基金应占净资产 = 最近净资产 + 其后缴款 − 其后收回 / Last NAV, calls since added, distributions since taken off
-- participation_summary_at.nav_on: 最近净资产的日期 / Day of the last NAV
-- participation_summary_at.nav_source: 其来源 / Its source
-- participation_summary_at.dpi: 收回 ÷ 出资 / Distributed ÷ paid in
-- participation_summary_at.rvpi: 净资产 ÷ 出资 / NAV ÷ paid in
-- participation_summary_at.tvpi: DPI + RVPI
-- participation_summary_at.pic: 出资 ÷ 认缴 / Paid in ÷ commitment
-- participation_summary_at.unfunded: 未缴 = 认缴 + Σ对未缴的影响 / Commitment and the effects on what is unfunded
-- participation_summary_at.currency: 币种 / Currency
-- participation_summary_at.as_of: 截至日期 / As of
-- read by: participation_summary, fundtrack.load.agree
CREATE OR REPLACE MACRO participation_summary_at(as_of, batch) AS TABLE
WITH newest AS (
    SELECT DISTINCT ON (n.participation_id) n.participation_id, n.nav, n.nav_on, n.source
    FROM nav_at(batch) AS n
    WHERE n.nav_on <= CAST(as_of AS DATE)
    ORDER BY n.participation_id, n.nav_on DESC, n.preference
),
moved AS (
    SELECT
        stake.participation_id,
        bool_or(flow.currency <> stake.currency) AS foreign_money,
        sum(flow.amount) FILTER (WHERE flow.kind IN ('call', 'fee_outside')) AS paid_in,
        sum(flow.amount) FILTER (WHERE flow.kind IN ('distribution', 'recallable', 'exit_proceeds')) AS distributed,
        sum(flow.amount) FILTER (WHERE flow.kind = 'recallable') AS recallable,
        sum(flow.amount) FILTER (WHERE flow.kind = 'call' AND flow.occurred_on > newest.nav_on) AS called_since,
        sum(flow.amount) FILTER (
            WHERE flow.kind IN ('distribution', 'recallable', 'exit_proceeds') AND flow.occurred_on > newest.nav_on
        ) AS distributed_since,
        sum(coalesce(
            flow.unfunded_effect,
            CASE flow.kind WHEN 'call' THEN -flow.amount WHEN 'recallable' THEN flow.amount ELSE 0 END
        )) AS effects
    FROM participation_at(batch) AS stake
    JOIN cash_flow_at(batch) AS flow ON flow.participation_id = stake.participation_id
    LEFT JOIN newest ON newest.participation_id = stake.participation_id
    WHERE flow.amount IS NOT NULL AND flow.occurred_on <= CAST(as_of AS DATE)
    GROUP BY stake.participation_id
),
valued AS (
    SELECT
        stake.participation_id, stake.guidance_fund_id, stake.partner_fund_id, stake.commitment, stake.currency,
        newest.nav_on, newest.source AS nav_source,
        coalesce(moved.foreign_money, false) AS foreign_money,
        coalesce(moved.paid_in, 0) AS paid_in,
        coalesce(moved.distributed, 0) AS distributed,
        coalesce(moved.recallable, 0) AS recallable,
        CASE
            WHEN newest.nav_on IS NULL AND coalesce(moved.paid_in, 0) = 0 THEN 0
            ELSE newest.nav + coalesce(moved.called_since, 0) - coalesce(moved.distributed_since, 0)
        END AS nav,
        stake.commitment + coalesce(moved.effects, 0) AS unfunded
    FROM participation_at(batch) AS stake
    LEFT JOIN moved ON moved.participation_id = stake.participation_id
    LEFT JOIN newest ON newest.participation_id = stake.participation_id
),
own AS (
    SELECT
        participation_id, guidance_fund_id, partner_fund_id, commitment, currency, nav_on, nav_source,
        CASE WHEN NOT foreign_money THEN CAST(paid_in AS DECIMAL(18, 2)) END AS paid_in,
        CASE WHEN NOT foreign_money THEN CAST(distributed AS DECIMAL(18, 2)) END AS distributed,
        CASE WHEN NOT foreign_money THEN CAST(recallable AS DECIMAL(18, 2)) END AS recallable,
        CASE WHEN NOT foreign_money THEN CAST(nav AS DECIMAL(18, 2)) END AS nav,
        CASE WHEN NOT foreign_money THEN CAST(unfunded AS DECIMAL(18, 2)) END AS unfunded
    FROM valued
)
SELECT
    participation_id, guidance_fund_id, partner_fund_id, commitment, paid_in, distributed, recallable, nav, nav_on, nav_source,
    CAST(distributed AS DOUBLE) / nullif(CAST(paid_in AS DOUBLE), 0) AS dpi,
    CAST(nav AS DOUBLE) / nullif(CAST(paid_in AS DOUBLE), 0) AS rvpi,
    CAST(distributed AS DOUBLE) / nullif(CAST(paid_in AS DOUBLE), 0)
        + CAST(nav AS DOUBLE) / nullif(CAST(paid_in AS DOUBLE), 0) AS tvpi,
    CAST(paid_in AS DOUBLE) / nullif(CAST(commitment AS DOUBLE), 0) AS pic,
    unfunded, currency, CAST(as_of AS DATE) AS as_of
FROM own
ORDER BY participation_id
