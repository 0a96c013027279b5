-- macro investor_change_at(batch): 出资人认缴：设立时的与其后增减的 / Investors' commitments: at establishment, and changes after it
-- investor_change_at.partner_fund_id: 基金编码 / Partner fund
-- investor_change_at.amount: 认缴变动，仅计与基金同币种的 / Change in commitment, in the fund's own currency only
-- investor_change_at.effective_on: 生效日期 / Effective on
-- investor_change_at.later: 设立之后的增减（否则属设立时规模） / A change after establishment (else part of the opening size)
-- read by: fund_opening_at, progress_at, partner_fund_summary_at
CREATE OR REPLACE MACRO investor_change_at(batch) AS TABLE
SELECT
    ic.partner_fund_id, ic.amount, ic.effective_on,
    coalesce(ic.reason, '') <> 'initial'
        AND ic.effective_on IS NOT NULL
        AND coalesce(ic.effective_on > entity.set_up_on, true) AS later
FROM investor_commitment_at(batch) AS ic
JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = ic.partner_fund_id
JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = ic.partner_fund_id
WHERE coalesce(ic.currency, fund.currency) = fund.currency
