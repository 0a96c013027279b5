-- macro fund_reinvestment_at(as_of, batch): 各参股的返投要求、认定与协议口径初创占比 / Reinvestment required and recognised, and early-stage share as agreed, of each participation
-- fund_reinvestment_at.participation_id: 参股编号 / Participation
-- fund_reinvestment_at.guidance_fund_id: 引导基金编码 / Guidance fund
-- fund_reinvestment_at.partner_fund_id: 基金编码 / Partner fund
-- fund_reinvestment_at.currency: 币种 / Currency
-- fund_reinvestment_at.required: 返投要求 = 协议倍数或比例 × 基数 / Required
-- fund_reinvestment_at.recognised: 返投认定，同一笔投资各参股合计不超过其金额 / Recognised, each yuan once
-- fund_reinvestment_at.doubled: 超出投资金额而未计的认定 / Recognised beyond the amounts of the investments
-- fund_reinvestment_at.reinvest_ratio: 认定 ÷ 要求 / Recognised ÷ required
-- fund_reinvestment_at.uncapped: 未指明同币种投资的认定笔数 / Recognitions whose investment limits nothing
-- fund_reinvestment_at.early_share: 协议口径初创占比 / Early-stage share on the agreed base
-- read by: fund_reinvestment, fundtrack.load.agree
CREATE OR REPLACE MACRO fund_reinvestment_at(as_of, batch) AS TABLE
WITH claim AS (
    SELECT
        said.participation_id, said.recognised AS claimed,
        CASE WHEN made.currency = stake.currency THEN made.amount END AS most,
        coalesce(sum(CASE WHEN made.currency = stake.currency THEN said.recognised ELSE 0 END) OVER (
            PARTITION BY said.investment_id
            ORDER BY said.recognised_on, said.participation_id, said.company_id, said.investment_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS before_it
    FROM reinvestment_at(batch) AS said
    JOIN participation_at(batch) AS stake ON stake.participation_id = said.participation_id
    LEFT JOIN investment_at(batch) AS made ON made.investment_id = said.investment_id
    WHERE said.recognised_on <= CAST(as_of AS DATE)
),
claim_counted AS (
    SELECT
        participation_id, claimed, most,
        CASE WHEN most IS NULL THEN claimed ELSE least(claimed, greatest(most - before_it, 0)) END AS counting
    FROM claim
),
claim_sum AS (
    SELECT
        participation_id, sum(counting) AS recognised, sum(claimed - counting) AS doubled,
        count(*) - count(most) AS uncapped
    FROM claim_counted
    GROUP BY participation_id
),
agreed_base AS (
    SELECT
        stake.participation_id, stake.guidance_fund_id, stake.partner_fund_id, stake.currency, stake.reinvest_required,
        CASE
            WHEN stake.reinvest_kind = '倍数' AND stake.reinvest_base = '认缴' THEN stake.commitment
            WHEN stake.reinvest_kind = '倍数' AND stake.reinvest_base = '实缴' THEN paying.paid_in
            WHEN stake.reinvest_kind = '占基金规模' AND fund.currency = stake.currency THEN fund.committed_size
            WHEN stake.reinvest_kind = '占已投金额' AND fund.currency = stake.currency THEN fund.invested
        END AS base,
        CASE stake.early_base
            WHEN '基金规模' THEN fund.early_of_size
            WHEN '已投金额' THEN fund.early_of_invested
        END AS early_share
    FROM participation_at(batch) AS stake
    LEFT JOIN participation_summary_at(as_of, batch) AS paying ON paying.participation_id = stake.participation_id
    LEFT JOIN fund_ratio_at(as_of, batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    WHERE stake.signed_on <= CAST(as_of AS DATE) OR EXISTS (
        SELECT 1 FROM cash_flow_at(batch) AS flow
        WHERE flow.participation_id = stake.participation_id AND flow.amount IS NOT NULL
            AND flow.occurred_on <= CAST(as_of AS DATE)
    )
),
agreed_cents AS (
    -- cents times hundred-millionths of the rate, rounded half up on the size
    SELECT
        *, CAST(base * 100 AS HUGEINT) * CAST(reinvest_required * 100000000 AS HUGEINT) AS product
    FROM agreed_base
),
agreed_required AS (
    SELECT
        *,
        CAST(CAST(sign(product) * ((2 * abs(product) + 100000000) // 200000000) AS DECIMAL(18, 0))
            * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) AS required
    FROM agreed_cents
)
SELECT
    agreed_required.participation_id, guidance_fund_id, partner_fund_id, currency, required,
    CAST(coalesce(claim_sum.recognised, 0) AS DECIMAL(18, 2)) AS recognised,
    CAST(coalesce(claim_sum.doubled, 0) AS DECIMAL(18, 2)) AS doubled,
    CAST(coalesce(claim_sum.recognised, 0) AS DOUBLE) / nullif(CAST(required AS DOUBLE), 0) AS reinvest_ratio,
    coalesce(claim_sum.uncapped, 0) AS uncapped,
    early_share
FROM agreed_required
LEFT JOIN claim_sum ON claim_sum.participation_id = agreed_required.participation_id
ORDER BY agreed_required.participation_id
