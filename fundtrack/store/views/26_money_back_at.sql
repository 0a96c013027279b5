-- macro money_back_at(batch): 引导基金收回的各笔资金及其本金、收益 / Every receipt of a guidance fund, with its principal and income
-- money_back_at.row_key: 资金往来行键 / Row key of the cash flow
-- money_back_at.participation_id: 参股编号 / Participation
-- money_back_at.guidance_fund_id: 引导基金编码 / Guidance fund
-- money_back_at.partner_fund_id: 基金编码 / Partner fund
-- money_back_at.kind: 类别 / Kind
-- money_back_at.received_on: 收到日期 / Received on
-- money_back_at.amount: 金额 / Amount
-- money_back_at.principal: 本金：所填；未填的取金额减收益；退出回款再取原始出资与金额孰低；均无为空 / Principal: as stated, else amount less income, else, of exit proceeds, the lesser of cost and amount
-- money_back_at.income: 收益：所填；未填的取金额减本金 / Income: as stated, else amount less principal
-- money_back_at.cost: 减少的原始出资：所填；未填的取本金 / Cost given up: as stated, else the principal
-- money_back_at.currency: 币种 / Currency
-- money_back_at.exit_kind: 退出方式 / Exit by
-- money_back_at.buyer: 受让方 / Buyer
-- read by: audit_money_trail_at, audit_term_at, audit_exit_price_at, audit_remittance_at
CREATE OR REPLACE MACRO money_back_at(batch) AS TABLE
WITH back_split AS (
    SELECT
        flow.*, stake.guidance_fund_id, stake.partner_fund_id,
        coalesce(
            flow.principal,
            flow.amount - flow.income,
            CASE WHEN flow.kind = 'exit_proceeds' AND flow.cost_basis IS NOT NULL THEN least(flow.amount, flow.cost_basis) END
        ) AS principal_known
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    WHERE flow.kind IN ('distribution', 'recallable', 'exit_proceeds') AND flow.amount IS NOT NULL AND flow.occurred_on IS NOT NULL
)
SELECT
    row_key, participation_id, guidance_fund_id, partner_fund_id, kind, occurred_on AS received_on, amount,
    CAST(principal_known AS DECIMAL(18, 2)) AS principal,
    CAST(coalesce(income, amount - principal_known) AS DECIMAL(18, 2)) AS income,
    CAST(coalesce(cost_basis, principal_known) AS DECIMAL(18, 2)) AS cost,
    currency, exit_kind, buyer
FROM back_split
