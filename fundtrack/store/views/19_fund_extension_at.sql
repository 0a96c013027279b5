-- macro fund_extension_at(as_of, batch): 截至某日各合作基金最后一次展期 / The last extension of each partner fund until a day
-- fund_extension_at.partner_fund_id: 基金编码 / Partner fund
-- fund_extension_at.extended_on: 展期生效日期 / Extension in force from
-- fund_extension_at.extended_to: 展期后到期日；未写明日期的取台账存续期截止 / Term after the extension; where it names no date, the fund's term end
-- fund_extension_at.approval_no: 批复文号，空为未见批复 / Approval number, empty where none is known
-- fund_extension_at.term_first: 首次展期前的到期日，未写明为空 / Term before the first extension, empty where not stated
-- read by: audit_term_at
CREATE OR REPLACE MACRO fund_extension_at(as_of, batch) AS TABLE
WITH longer AS (
    SELECT
        fc.partner_fund_id, fc.effective_on, nullif(trim(fc.approval_no), '') AS approval_no,
        TRY_CAST(regexp_replace(trim(fc."before"), '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$', '\1-\2-\3') AS DATE) AS old_end,
        TRY_CAST(regexp_replace(trim(fc."after"), '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$', '\1-\2-\3') AS DATE) AS new_end,
        row_number() OVER (PARTITION BY fc.partner_fund_id ORDER BY fc.effective_on, fc.row_key) AS from_first,
        row_number() OVER (PARTITION BY fc.partner_fund_id ORDER BY fc.effective_on DESC, fc.row_key DESC) AS from_last
    FROM fund_change_at(batch) AS fc
    WHERE fc.kind = 'extended' AND fc.effective_on <= CAST(as_of AS DATE)
)
SELECT
    latest.partner_fund_id, latest.effective_on AS extended_on, coalesce(latest.new_end, fund.term_end) AS extended_to,
    latest.approval_no, earliest.old_end AS term_first
FROM longer AS latest
JOIN longer AS earliest ON earliest.partner_fund_id = latest.partner_fund_id AND earliest.from_first = 1
JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = latest.partner_fund_id
WHERE latest.from_last = 1
