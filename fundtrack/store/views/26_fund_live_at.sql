-- macro fund_live_at(as_of, batch): 各合作基金当日是否在管，以及以哪一份参股协议为准 / Each partner fund on a day: whether it is alive, and which agreement speaks for it
-- fund_live_at.partner_fund_id: 基金编码 / Partner fund
-- fund_live_at.fund_currency: 币种 / Currency
-- fund_live_at.fund_paid_in: 实缴规模 / Paid in by all investors
-- fund_live_at.participation_id: 最早的参股编号 / Its earliest participation
-- fund_live_at.guidance_fund_id: 该参股的引导基金 / That one's guidance fund
-- fund_live_at.live: 已设立、未注销、引导资金未全部退出且仍持有 / Set up, not dissolved, guidance money not sold, still held
-- read by: check_*_at
CREATE OR REPLACE MACRO fund_live_at(as_of, batch) AS TABLE
WITH live_sold AS (
    SELECT
        entity.entity_id,
        coalesce(sum(flow.amount) FILTER (WHERE flow.kind = 'call'), 0) AS bought,
        coalesce(sum(coalesce(flow.cost_basis, flow.principal))
            FILTER (WHERE flow.kind = 'exit_proceeds' OR flow.exit_kind IS NOT NULL), 0) AS given_up
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = stake.partner_fund_id
    WHERE flow.amount IS NOT NULL AND flow.occurred_on <= CAST(as_of AS DATE)
    GROUP BY entity.entity_id
),
live_gone AS (
    SELECT DISTINCT entity.entity_id
    FROM fund_change_at(batch) AS fc
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = fc.partner_fund_id
    WHERE fc.kind = 'dissolved' AND fc.effective_on <= CAST(as_of AS DATE)
),
live_paid AS (
    SELECT fpi.partner_fund_id, coalesce(sum(fpi.amount) FILTER (WHERE fpi.paid_on <= CAST(as_of AS DATE)), 0) AS paid
    FROM fund_paid_in_at(batch) AS fpi
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fpi.partner_fund_id
    WHERE fpi.amount IS NOT NULL AND fpi.paid_on IS NOT NULL AND coalesce(fpi.currency, fund.currency) = fund.currency
    GROUP BY fpi.partner_fund_id
)
SELECT
    fund.partner_fund_id, fund.currency AS fund_currency, CAST(live_paid.paid AS DECIMAL(18, 2)) AS fund_paid_in,
    speaker.participation_id, speaker.guidance_fund_id,
    coalesce(entity.set_up_on <= CAST(as_of AS DATE), false) AND live_gone.entity_id IS NULL
        AND NOT coalesce(live_sold.bought > 0 AND live_sold.given_up >= live_sold.bought, false)
        AND coalesce(speaker.fund_held, true) AS live
FROM partner_fund_at(batch) AS fund
JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = fund.partner_fund_id
LEFT JOIN stake_held_at(as_of, batch) AS speaker ON speaker.partner_fund_id = fund.partner_fund_id AND speaker.speaks
LEFT JOIN live_sold ON live_sold.entity_id = entity.entity_id
LEFT JOIN live_gone ON live_gone.entity_id = entity.entity_id
LEFT JOIN live_paid ON live_paid.partner_fund_id = fund.partner_fund_id
