-- macro audit_term_at(as_of, batch := 'Z'): 审计到期：合作基金存续期、展期与引导基金尚未收回的出资 / Term of each partner fund, its extension, and guidance money not yet back
-- audit_term_at.partner_fund_id: 基金编码 / Partner fund
-- audit_term_at.name: 基金名称 / Name
-- audit_term_at.term_end: 存续期截止：展期前的 / Term ends, before any extension
-- audit_term_at.extended_to: 展期至，空为未展期 / Extended to, empty without extension
-- audit_term_at.approval_no: 展期批复文号，空为未见 / Approval number of the extension, empty where none is known
-- audit_term_at.liquidated_on: 清算日期：进入清算、提前终止或注销的最早日期 / In liquidation, ended early or dissolved on, the earliest
-- audit_term_at.guidance_residual_cost: 引导基金未收回出资 = 出资 − 收回的原始出资；有未分列的收回为空 / Paid in less cost given back; empty where a receipt is not split
-- audit_term_at.currency: 币种 / Currency
-- audit_term_at.extended_on: 展期生效日期 / Extension in force from
-- read by: audit_term, auditors
CREATE OR REPLACE MACRO audit_term_at(as_of, batch := 'Z') AS TABLE
WITH term_ended AS (
    SELECT fc.partner_fund_id, min(fc.effective_on) AS liquidated_on
    FROM fund_change_at(batch) AS fc
    WHERE fc.kind IN ('liquidating', 'terminated', 'dissolved') AND fc.effective_on <= CAST(as_of AS DATE)
    GROUP BY fc.partner_fund_id
),
term_called AS (
    SELECT stake.partner_fund_id, sum(flow.amount) AS paid
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    WHERE flow.kind = 'call' AND flow.occurred_on <= CAST(as_of AS DATE) AND flow.currency = fund.currency
    GROUP BY stake.partner_fund_id
),
term_back AS (
    SELECT mb.partner_fund_id, count(*) FILTER (WHERE mb.cost IS NULL) AS unsplit, sum(mb.cost) AS cost
    FROM money_back_at(batch) AS mb
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = mb.partner_fund_id
    WHERE mb.received_on <= CAST(as_of AS DATE) AND mb.currency = fund.currency
    GROUP BY mb.partner_fund_id
),
term_signed AS (
    SELECT DISTINCT stake.partner_fund_id
    FROM participation_at(batch) AS stake
    JOIN participation_span_at(batch) AS s ON s.participation_id = stake.participation_id
    WHERE stake.signed_on <= CAST(as_of AS DATE) AND coalesce(s.void_from > CAST(as_of AS DATE), true)
)
SELECT
    fund.partner_fund_id, n.name,
    CASE WHEN x.partner_fund_id IS NULL THEN fund.term_end ELSE coalesce(x.term_first, CASE WHEN fund.term_end < x.extended_to THEN fund.term_end END) END AS term_end,
    x.extended_to, x.approval_no, ended.liquidated_on,
    CASE
        WHEN coalesce(back.unsplit, 0) = 0
            THEN CAST(coalesce(called.paid, 0) - coalesce(back.cost, 0) AS DECIMAL(18, 2))
    END AS guidance_residual_cost,
    fund.currency, x.extended_on
FROM partner_fund_at(batch) AS fund
JOIN term_signed AS signed ON signed.partner_fund_id = fund.partner_fund_id
JOIN fund_name_at(as_of, batch) AS n ON n.partner_fund_id = fund.partner_fund_id
LEFT JOIN fund_extension_at(as_of, batch) AS x ON x.partner_fund_id = fund.partner_fund_id
LEFT JOIN term_ended AS ended ON ended.partner_fund_id = fund.partner_fund_id
LEFT JOIN term_called AS called ON called.partner_fund_id = fund.partner_fund_id
LEFT JOIN term_back AS back ON back.partner_fund_id = fund.partner_fund_id
ORDER BY fund.partner_fund_id
