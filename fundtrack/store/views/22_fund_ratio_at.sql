-- macro fund_ratio_at(as_of, batch): 各合作基金各项比率及其分子分母 / Ratios of each partner fund with both their sides
-- fund_ratio_at.partner_fund_id: 基金编码 / Partner fund
-- fund_ratio_at.name: 该日名称 / Name on that day
-- fund_ratio_at.currency: 币种 / Currency
-- fund_ratio_at.counted: 该日计入目标（同一基金只计一行） / Counts on that day (one row per fund)
-- fund_ratio_at.committed_size: 认缴规模 / Committed size
-- fund_ratio_at.paid_in: 累计实缴 / Paid in
-- fund_ratio_at.guidance_paid_in: 引导基金实缴 / Paid by guidance funds
-- fund_ratio_at.committed_social: 社会资本认缴：管理人、民营、自然人 / Committed by manager, private and natural persons
-- fund_ratio_at.committed_governed: 政府及国有认缴：引导基金、其他财政、国有 / Committed by guidance funds, other public money, state-owned
-- fund_ratio_at.invested: 已投金额；有他币种投资为空 / Invested; empty where an investment is in another currency
-- fund_ratio_at.early: 其中种子期、初创期 / Of which seed and start-up
-- fund_ratio_at.joint: 联合投资金额（已填写的） / Joint investment, where stated
-- fund_ratio_at.government_paid_in: 财政实缴 = 引导基金实缴 + 其他财政资金实缴 / Paid by guidance funds and other public money
-- fund_ratio_at.in_projects: 已投 + 联合投资 / Invested and joint investment
-- fund_ratio_at.leverage_paid_in: 放大倍数（一）= 基金实缴 ÷ 引导基金实缴 / Leverage (a)
-- fund_ratio_at.leverage_social: 放大倍数（二）= 社会资本认缴 ÷ 政府及国有认缴 / Leverage (b)
-- fund_ratio_at.leverage_project: 放大倍数（三）=（已投 + 联合投资）÷ 财政实缴 / Leverage (c)
-- fund_ratio_at.paid_in_rate: 到位率 = 实缴 ÷ 认缴 / Paid in ÷ committed
-- fund_ratio_at.progress: 投资进度 = 已投 ÷ 实缴 / Invested ÷ paid in
-- fund_ratio_at.joint_ratio: 联合投资 ÷ 已投 / Joint ÷ invested
-- fund_ratio_at.early_of_size: 初创占比 = 种子期、初创期投资 ÷ 认缴规模 / Early stage ÷ committed size
-- fund_ratio_at.early_of_invested: 初创占比 = 种子期、初创期投资 ÷ 已投 / Early stage ÷ invested
-- read by: fund_ratio, fund_leverage, fund_reinvestment_at, fundtrack.load.agree
CREATE OR REPLACE MACRO fund_ratio_at(as_of, batch) AS TABLE
WITH ratio_promised AS (
    SELECT
        ic.partner_fund_id,
        coalesce(sum(ic.amount) FILTER (WHERE ic.kind IN ('manager', 'private', 'natural_person')), 0) AS social,
        coalesce(sum(ic.amount) FILTER (WHERE ic.kind IN ('guidance', 'public', 'state_owned')), 0) AS governed
    FROM investor_commitment_at(batch) AS ic
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = ic.partner_fund_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = ic.partner_fund_id
    WHERE coalesce(ic.currency, fund.currency) = fund.currency
        AND coalesce(ic.effective_on, entity.set_up_on) <= CAST(as_of AS DATE)
    GROUP BY ic.partner_fund_id
),
ratio_public AS (
    SELECT fpi.partner_fund_id, sum(fpi.amount) AS paid
    FROM fund_paid_in_at(batch) AS fpi
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fpi.partner_fund_id
    WHERE fpi.paid_on <= CAST(as_of AS DATE) AND coalesce(fpi.currency, fund.currency) = fund.currency
        AND EXISTS (
            SELECT 1 FROM investor_commitment_at(batch) AS payer
            WHERE payer.partner_fund_id = fpi.partner_fund_id AND payer.investor = fpi.investor AND payer.kind = 'public'
        )
    GROUP BY fpi.partner_fund_id
),
ratio_placed AS (
    SELECT
        made.partner_fund_id,
        coalesce(bool_or(made.currency <> fund.currency), false) AS mixed,
        sum(made.amount) AS invested,
        coalesce(sum(made.amount) FILTER (WHERE made.stage IN ('seed', 'startup')), 0) AS early,
        sum(made.joint_amount) AS joint
    FROM investment_at(batch) AS made
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = made.partner_fund_id
    WHERE made.invested_on <= CAST(as_of AS DATE)
    GROUP BY made.partner_fund_id
),
ratio_sides AS (
    SELECT
        pfs.partner_fund_id, pfs.name, pfs.currency, pfs.counted, pfs.committed_size, pfs.paid_in, pfs.guidance_paid_in,
        ratio_promised.social AS committed_social, ratio_promised.governed AS committed_governed,
        CASE WHEN NOT coalesce(ratio_placed.mixed, false) THEN coalesce(ratio_placed.invested, 0) END AS invested,
        CASE WHEN NOT coalesce(ratio_placed.mixed, false) THEN coalesce(ratio_placed.early, 0) END AS early,
        CASE WHEN NOT ratio_placed.mixed THEN ratio_placed.joint END AS joint,
        pfs.guidance_paid_in + coalesce(ratio_public.paid, 0) AS government_paid_in
    FROM partner_fund_summary_at(as_of, batch) AS pfs
    LEFT JOIN ratio_promised ON ratio_promised.partner_fund_id = pfs.partner_fund_id
    LEFT JOIN ratio_public ON ratio_public.partner_fund_id = pfs.partner_fund_id
    LEFT JOIN ratio_placed ON ratio_placed.partner_fund_id = pfs.partner_fund_id
)
SELECT
    partner_fund_id, name, currency, counted, committed_size, paid_in, guidance_paid_in,
    CAST(committed_social AS DECIMAL(18, 2)) AS committed_social,
    CAST(committed_governed AS DECIMAL(18, 2)) AS committed_governed,
    CAST(invested AS DECIMAL(18, 2)) AS invested,
    CAST(early AS DECIMAL(18, 2)) AS early,
    CAST(joint AS DECIMAL(18, 2)) AS joint,
    CAST(government_paid_in AS DECIMAL(18, 2)) AS government_paid_in,
    CAST(invested + coalesce(joint, 0) AS DECIMAL(18, 2)) AS in_projects,
    CAST(paid_in AS DOUBLE) / nullif(CAST(guidance_paid_in AS DOUBLE), 0) AS leverage_paid_in,
    CAST(committed_social AS DOUBLE) / nullif(CAST(committed_governed AS DOUBLE), 0) AS leverage_social,
    CAST(invested + coalesce(joint, 0) AS DOUBLE) / nullif(CAST(government_paid_in AS DOUBLE), 0) AS leverage_project,
    CAST(paid_in AS DOUBLE) / nullif(CAST(committed_size AS DOUBLE), 0) AS paid_in_rate,
    CAST(invested AS DOUBLE) / nullif(CAST(paid_in AS DOUBLE), 0) AS progress,
    CAST(joint AS DOUBLE) / nullif(CAST(invested AS DOUBLE), 0) AS joint_ratio,
    CAST(early AS DOUBLE) / nullif(CAST(committed_size AS DOUBLE), 0) AS early_of_size,
    CAST(early AS DOUBLE) / nullif(CAST(invested AS DOUBLE), 0) AS early_of_invested
FROM ratio_sides
ORDER BY partner_fund_id
