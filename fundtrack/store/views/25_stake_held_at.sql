-- macro stake_held_at(as_of, batch): 各参股当日是否持有、实缴多少，以及其基金以哪一份协议为准 / Each participation on a day: whether it is held, what was paid, and which agreement speaks for its fund
-- stake_held_at.participation_id: 参股编号 / Participation
-- stake_held_at.guidance_fund_id: 引导基金编码 / Guidance fund
-- stake_held_at.partner_fund_id: 基金编码 / Partner fund
-- stake_held_at.entity_id: 同一基金的最小编码 / Least id of the same fund
-- stake_held_at.currency: 币种 / Currency
-- stake_held_at.fund_currency: 基金币种 / Currency of the fund
-- stake_held_at.commitment: 认缴金额 / Commitment
-- stake_held_at.signed_on: 协议日期 / Day of the agreement
-- stake_held_at.agreed_on: 协议日期，无则批复日期 / Day of the agreement, else of the approval
-- stake_held_at.up: 基金当日是否已设立 / Whether the fund is set up
-- stake_held_at.paid: 已付缴款（本币） / Calls paid, in its own currency
-- stake_held_at.void: 当日是否已于出资前终止 / Whether it had ended before any payment
-- stake_held_at.held: 当日是否持有 / Whether it is held
-- stake_held_at.speaks: 是否该基金最早的一份 / Whether it is the fund's earliest
-- stake_held_at.fund_held: 该基金是否仍有参股持有 / Whether any of the fund's is held
-- read by: fund_live_at, check_*_at
CREATE OR REPLACE MACRO stake_held_at(as_of, batch) AS TABLE
WITH held_flow AS (
    SELECT
        flow.participation_id, flow.currency,
        coalesce(sum(flow.amount) FILTER (WHERE flow.kind = 'call' AND flow.amount > 0), 0) AS paid,
        coalesce(sum(coalesce(flow.cost_basis, flow.principal))
            FILTER (WHERE flow.kind = 'exit_proceeds' OR flow.exit_kind IS NOT NULL), 0) AS sold_cost
    FROM cash_flow_at(batch) AS flow
    WHERE flow.amount IS NOT NULL AND flow.occurred_on <= CAST(as_of AS DATE)
    GROUP BY flow.participation_id, flow.currency
),
held_stake AS (
    SELECT
        stake.participation_id, stake.guidance_fund_id, stake.partner_fund_id, span.entity_id, stake.currency, fund.currency AS fund_currency,
        stake.commitment, stake.signed_on, coalesce(stake.signed_on, stake.approved_on) AS agreed_on,
        coalesce(entity.set_up_on <= CAST(as_of AS DATE), false) AS up, coalesce(held_flow.paid, 0) AS paid,
        coalesce(span.void_from <= CAST(as_of AS DATE), false) AS void,
        coalesce(stake.signed_on <= CAST(as_of AS DATE), false) AND NOT coalesce(span.void_from <= CAST(as_of AS DATE), false)
            AND NOT (coalesce(held_flow.paid, 0) > 0 AND held_flow.sold_cost >= held_flow.paid) AS held
    FROM participation_at(batch) AS stake
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    JOIN participation_span_at(batch) AS span ON span.participation_id = stake.participation_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = stake.partner_fund_id
    LEFT JOIN held_flow ON held_flow.participation_id = stake.participation_id AND held_flow.currency = stake.currency
)
SELECT
    participation_id, guidance_fund_id, partner_fund_id, entity_id, currency, fund_currency, commitment, signed_on, agreed_on, up, paid, void, held,
    row_number() OVER (PARTITION BY partner_fund_id ORDER BY coalesce(agreed_on, DATE '9999-12-31'), participation_id) = 1 AS speaks,
    bool_or(held) OVER (PARTITION BY partner_fund_id) AS fund_held
FROM held_stake
