-- macro audit_call_order_at(as_of, batch := 'Z'): 审计缴款次序：同批缴款中财政资金与社会资本的到位先后 / Order of payment: guidance money and private money of one call
-- audit_call_order_at.partner_fund_id: 基金编码 / Partner fund
-- audit_call_order_at.call_no: 缴款批次 / Call no.
-- audit_call_order_at.due_on: 应缴日期：同批最早 / Due on, the earliest of the call
-- audit_call_order_at.guidance_paid_on: 引导基金实缴日期：同批最早 / Guidance fund paid on, the earliest
-- audit_call_order_at.private_paid_on: 社会资本实缴日期：同批最后一笔，空为均未缴 / Private investors paid on, the last of them; empty where none has
-- audit_call_order_at.private_due: 社会资本应缴：仅计已到应缴日期的，未填应缴的取实缴 / Due from private investors by that day; what is not stated counts as paid
-- audit_call_order_at.private_unpaid: 社会资本逾期未缴 / Of which due and unpaid
-- audit_call_order_at.currency: 币种 / Currency
-- read by: audit_call_order, auditors
CREATE OR REPLACE MACRO audit_call_order_at(as_of, batch := 'Z') AS TABLE
WITH order_kind AS (
    SELECT ic.partner_fund_id, ic.investor, min(ic.kind) AS kind
    FROM investor_commitment_at(batch) AS ic
    GROUP BY ic.partner_fund_id, ic.investor
),
order_line AS (
    SELECT
        fpi.partner_fund_id,
        coalesce(fpi.call_no, CAST(coalesce(fpi.due_on, fpi.paid_on) AS VARCHAR)) AS call_no,
        coalesce(fpi.currency, fund.currency) AS currency, fpi.investor, fpi.due_on,
        CASE
            WHEN fpi.guidance_fund_id IS NOT NULL OR k.kind = 'guidance' THEN 'guidance'
            WHEN k.kind IN ('public', 'state_owned') THEN 'public'
            ELSE 'private'
        END AS side,
        CASE WHEN fpi.paid_on <= CAST(as_of AS DATE) AND fpi.amount > 0 THEN fpi.paid_on END AS paid_on,
        CASE WHEN fpi.paid_on <= CAST(as_of AS DATE) THEN coalesce(fpi.amount, 0) ELSE 0 END AS paid,
        CASE
            WHEN fpi.due_amount IS NOT NULL AND coalesce(fpi.due_on <= CAST(as_of AS DATE), true) THEN fpi.due_amount
            WHEN fpi.due_amount IS NULL AND fpi.paid_on <= CAST(as_of AS DATE) THEN fpi.amount
        END AS due
    FROM fund_paid_in_at(batch) AS fpi
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fpi.partner_fund_id
    LEFT JOIN order_kind AS k ON k.partner_fund_id = fpi.partner_fund_id AND k.investor = fpi.investor
    WHERE coalesce(fpi.due_on <= CAST(as_of AS DATE), false) OR coalesce(fpi.paid_on <= CAST(as_of AS DATE), false)
),
order_investor AS (
    SELECT
        partner_fund_id, call_no, currency, side, investor, min(due_on) AS due_on,
        min(paid_on) AS first_paid, max(paid_on) AS last_paid, sum(due) AS due,
        greatest(coalesce(sum(due), 0) - sum(paid), 0) AS unpaid
    FROM order_line
    GROUP BY partner_fund_id, call_no, currency, side, investor
)
SELECT
    partner_fund_id, call_no, min(due_on) AS due_on,
    min(first_paid) FILTER (WHERE side = 'guidance') AS guidance_paid_on,
    max(last_paid) FILTER (WHERE side = 'private') AS private_paid_on,
    CAST(sum(due) FILTER (WHERE side = 'private') AS DECIMAL(18, 2)) AS private_due,
    CAST(sum(unpaid) FILTER (WHERE side = 'private') AS DECIMAL(18, 2)) AS private_unpaid,
    currency
FROM order_investor
GROUP BY partner_fund_id, call_no, currency
ORDER BY partner_fund_id, call_no, currency
