-- macro investor_change_at(batch): 出资人认缴及其生效日期，仅计与基金同币种的 / Investors' commitments and from when, in the fund's own currency only
-- investor_change_at.partner_fund_id: 基金编码 / Partner fund
-- investor_change_at.amount: 认缴变动 / Change in commitment
-- investor_change_at.changed_on: 生效日期；初始认缴和无日期的为空，属设立时规模 / Effective on; empty where part of the opening size
-- read by: fund_opening_at, progress_at, partner_fund_summary_at
CREATE OR REPLACE MACRO investor_change_at(batch) AS TABLE
SELECT
    ic.partner_fund_id, ic.amount,
    CASE WHEN ic.reason IS DISTINCT FROM 'initial' THEN ic.effective_on END AS changed_on
FROM investor_commitment_at(batch) AS ic
JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = ic.partner_fund_id
WHERE coalesce(ic.currency, fund.currency) = fund.currency
