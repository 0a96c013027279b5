-- macro investor_change_at(batch): 出资人认缴及其生效日期，仅计与基金同币种的 / Investors' commitments and from when, in the fund's own currency only
-- investor_change_at.partner_fund_id: 基金编码 / Partner fund
-- investor_change_at.amount: 认缴变动 / Change in commitment
-- investor_change_at.changed_on: 计入日期，不早于设立日期；属设立时规模的为空 / Counts from, not before the establishment; empty where part of the opening size
-- read by: fund_opening_at, progress_at, partner_fund_summary_at
CREATE OR REPLACE MACRO investor_change_at(batch) AS TABLE
SELECT
    ic.partner_fund_id, ic.amount,
    CASE
        WHEN ic.reason IS NOT DISTINCT FROM 'initial' THEN NULL
        -- a dated change counts as later where the establishment is unknown
        WHEN entity.set_up_on IS NULL OR ic.effective_on > entity.set_up_on THEN ic.effective_on
        -- the establishment is known to the month or year only, and the change lies within it
        WHEN entity.set_up_from < entity.set_up_on AND ic.effective_on >= entity.set_up_from THEN entity.set_up_on
    END AS changed_on
FROM investor_commitment_at(batch) AS ic
JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = ic.partner_fund_id
JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = ic.partner_fund_id
WHERE coalesce(ic.currency, fund.currency) = fund.currency
