-- macro fund_name_at(as_of, batch): 各合作基金某日的名称（更名前后各从其时） / The name of each partner fund on a day
-- fund_name_at.partner_fund_id: 基金编码 / Partner fund
-- fund_name_at.name: 该日名称 / Name on that day
-- read by: partner_fund_summary_at, audit_idle_at, audit_stake_at, audit_term_at, audit_report_at
CREATE OR REPLACE MACRO fund_name_at(as_of, batch) AS TABLE
WITH renaming AS (
    SELECT
        fc.partner_fund_id, fc.effective_on <= CAST(as_of AS DATE) AS done, fc.effective_on, fc."before" AS old_name,
        coalesce(fc."after", lead(fc."before") OVER (PARTITION BY fc.partner_fund_id ORDER BY fc.effective_on)) AS new_name
    FROM fund_change_at(batch) AS fc
    WHERE fc.kind = 'renamed'
),
named AS (
    SELECT DISTINCT ON (partner_fund_id) partner_fund_id, CASE WHEN done THEN new_name ELSE old_name END AS name_then
    FROM renaming
    ORDER BY partner_fund_id, done DESC, CASE WHEN done THEN effective_on END DESC, effective_on
)
SELECT fund.partner_fund_id, coalesce(named.name_then, fund.name) AS name
FROM partner_fund_at(batch) AS fund
LEFT JOIN named ON named.partner_fund_id = fund.partner_fund_id
