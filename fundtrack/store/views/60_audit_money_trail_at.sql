-- macro audit_money_trail_at(as_of, batch := 'Z'): 审计家底：各引导基金财政资金进、出、回、缴、存 / Money trail of each guidance fund: in, out, back, remitted, held
-- audit_money_trail_at.guidance_fund: 引导基金 / Guidance fund
-- audit_money_trail_at.budgeted: 预算安排；未登记为空 / Budgeted; empty where none is recorded
-- audit_money_trail_at.received: 财政到账；无收支记录为空，下同 / Received; empty without any record of flows, as below
-- audit_money_trail_at.interest: 利息收入 / Interest
-- audit_money_trail_at.paid_to_funds: 拨付合作基金：缴款与认缴外管理费 / Paid to partner funds: calls and fees outside commitment
-- audit_money_trail_at.fees: 管理费支出 / Management fee paid by the guidance fund
-- audit_money_trail_at.principal_back: 收回本金；有一笔未分列本金收益的为空 / Principal back; empty where one receipt is not split
-- audit_money_trail_at.income_back: 收回收益；有一笔未分列的为空 / Income back; empty where one receipt is not split
-- audit_money_trail_at.remitted: 已上缴：本金与收益 / Remitted: principal and income
-- audit_money_trail_at.balance_computed: 应有余额 = 到账 + 利息 + 其他 + 收回 − 拨付 − 管理费 − 上缴 / Balance as it should be
-- audit_money_trail_at.balance_declared: 申报账户余额：最近一次且其后无收支，否则为空 / Balance declared: the last one, if nothing moved since, else empty
-- audit_money_trail_at.currency: 币种 / Currency
-- audit_money_trail_at.guidance_fund_id: 引导基金编码 / Guidance fund ID
-- audit_money_trail_at.other: 其他收支，正为收入 / Other flows, positive is money in
-- audit_money_trail_at.money_back: 收回合计，含未分列的 / All money back, split or not
-- audit_money_trail_at.unsplit_back: 其中未分列本金收益的 / Of which not split
-- audit_money_trail_at.balance_last: 最近申报余额 / Last balance declared
-- audit_money_trail_at.balance_on: 最近申报余额日期 / Day of the last balance declared
-- read by: audit_money_trail, auditors
CREATE OR REPLACE MACRO audit_money_trail_at(as_of, batch := 'Z') AS TABLE
WITH trail_move AS (
    SELECT
        gf.guidance_fund_id, gf.currency, gf.occurred_on AS moved_on, gf.kind, gf.amount,
        NULL::DECIMAL(18, 2) AS principal, NULL::DECIMAL(18, 2) AS income
    FROM guidance_flow_at(batch) AS gf
    WHERE gf.kind NOT IN ('committed', 'balance')
    UNION ALL
    SELECT stake.guidance_fund_id, flow.currency, flow.occurred_on, 'paid', flow.amount, NULL, NULL
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    WHERE flow.kind IN ('call', 'fee_outside') AND flow.amount IS NOT NULL
    UNION ALL
    SELECT mb.guidance_fund_id, mb.currency, mb.received_on, 'back', mb.amount, mb.principal, mb.income
    FROM money_back_at(batch) AS mb
),
trail_sum AS (
    SELECT
        guidance_fund_id, currency,
        count(*) FILTER (WHERE kind NOT IN ('paid', 'back')) > 0 AS recorded,
        sum(amount) FILTER (WHERE kind = 'budgeted') AS budgeted,
        coalesce(sum(amount) FILTER (WHERE kind = 'received'), 0) AS received,
        coalesce(sum(amount) FILTER (WHERE kind = 'interest'), 0) AS interest,
        coalesce(sum(amount) FILTER (WHERE kind = 'paid'), 0) AS paid,
        coalesce(sum(amount) FILTER (WHERE kind = 'fee'), 0) AS fees,
        coalesce(sum(principal) FILTER (WHERE kind = 'back'), 0) AS principal,
        coalesce(sum(income) FILTER (WHERE kind = 'back'), 0) AS income,
        coalesce(sum(amount) FILTER (WHERE kind = 'back'), 0) AS back,
        coalesce(sum(amount) FILTER (WHERE kind = 'back' AND principal IS NULL), 0) AS unsplit,
        coalesce(sum(amount) FILTER (WHERE kind IN ('principal_remitted', 'income_remitted')), 0) AS remitted,
        coalesce(sum(amount) FILTER (WHERE kind = 'other'), 0) AS other
    FROM trail_move
    WHERE moved_on <= CAST(as_of AS DATE)
    GROUP BY guidance_fund_id, currency
),
trail_declared AS (
    SELECT DISTINCT ON (gf.guidance_fund_id, gf.currency) gf.guidance_fund_id, gf.currency, gf.amount, gf.occurred_on
    FROM guidance_flow_at(batch) AS gf
    WHERE gf.kind = 'balance' AND gf.occurred_on <= CAST(as_of AS DATE)
    ORDER BY gf.guidance_fund_id, gf.currency, gf.occurred_on DESC, gf.line_no DESC
),
trail_fund AS (
    SELECT guidance_fund_id, currency FROM guidance_fund_at(batch)
    UNION
    SELECT guidance_fund_id, currency FROM trail_sum
    UNION
    SELECT guidance_fund_id, currency FROM trail_declared
)
SELECT
    coalesce(guidance.name, f.guidance_fund_id) AS guidance_fund,
    CASE WHEN s.recorded THEN CAST(s.budgeted AS DECIMAL(18, 2)) END AS budgeted,
    CASE WHEN s.recorded THEN CAST(s.received AS DECIMAL(18, 2)) END AS received,
    CASE WHEN s.recorded THEN CAST(s.interest AS DECIMAL(18, 2)) END AS interest,
    CAST(coalesce(s.paid, 0) AS DECIMAL(18, 2)) AS paid_to_funds,
    CASE WHEN s.recorded THEN CAST(s.fees AS DECIMAL(18, 2)) END AS fees,
    CASE WHEN coalesce(s.unsplit, 0) = 0 THEN CAST(coalesce(s.principal, 0) AS DECIMAL(18, 2)) END AS principal_back,
    CASE WHEN coalesce(s.unsplit, 0) = 0 THEN CAST(coalesce(s.income, 0) AS DECIMAL(18, 2)) END AS income_back,
    CASE WHEN s.recorded THEN CAST(s.remitted AS DECIMAL(18, 2)) END AS remitted,
    CASE
        WHEN s.recorded
            THEN CAST(s.received + s.interest + s.other + s.back - s.paid - s.fees - s.remitted AS DECIMAL(18, 2))
    END AS balance_computed,
    CASE
        WHEN NOT EXISTS (
            SELECT 1 FROM trail_move AS later
            WHERE later.guidance_fund_id = f.guidance_fund_id AND later.currency = f.currency AND later.kind <> 'budgeted'
                AND later.moved_on > declared.occurred_on AND later.moved_on <= CAST(as_of AS DATE)
        ) THEN declared.amount
    END AS balance_declared,
    f.currency, f.guidance_fund_id,
    CASE WHEN s.recorded THEN CAST(s.other AS DECIMAL(18, 2)) END AS other,
    CAST(coalesce(s.back, 0) AS DECIMAL(18, 2)) AS money_back,
    CAST(coalesce(s.unsplit, 0) AS DECIMAL(18, 2)) AS unsplit_back,
    declared.amount AS balance_last, declared.occurred_on AS balance_on
FROM trail_fund AS f
LEFT JOIN trail_sum AS s ON s.guidance_fund_id = f.guidance_fund_id AND s.currency = f.currency
LEFT JOIN trail_declared AS declared ON declared.guidance_fund_id = f.guidance_fund_id AND declared.currency = f.currency
LEFT JOIN guidance_fund_at(batch) AS guidance ON guidance.guidance_fund_id = f.guidance_fund_id
ORDER BY f.guidance_fund_id, f.currency
