-- macro audit_no_evidence_at(as_of, batch := 'Z'): 审计无凭证：没有凭证号、文号或依据材料的各行 / Rows without voucher, document number or evidence
-- audit_no_evidence_at.table_name: 表名 / Table
-- audit_no_evidence_at.row_key: 行键 / Row key
-- audit_no_evidence_at.missing: 所缺：凭证号、预算批复文号、批复文号或依据材料 / What is missing
-- audit_no_evidence_at.event_on: 业务日期 / Day of the event
-- audit_no_evidence_at.amount: 金额 / Amount
-- audit_no_evidence_at.currency: 币种，返投认定从其参股 / Currency; of a recognition that of its participation
-- audit_no_evidence_at.file: 文件 / File
-- audit_no_evidence_at.sheet: 工作表 / Sheet
-- audit_no_evidence_at.row_number: 行号 / Row
-- read by: audit_no_evidence, auditors
CREATE OR REPLACE MACRO audit_no_evidence_at(as_of, batch := 'Z') AS TABLE
WITH bare AS (
    SELECT
        'guidance_flow' AS table_name, r1.row_key, '凭证号' AS missing, r1.occurred_on AS event_on,
        r1.amount AS amount, r1.currency AS currency,
        r1.batch_id, r1.sheet, r1.row_number
    FROM guidance_flow_at(batch) AS r1
    WHERE coalesce(trim(r1.voucher_no), '') = '' AND r1.kind NOT IN ('balance', 'committed', 'budgeted')
    UNION ALL
    SELECT
        'guidance_flow' AS table_name, r2.row_key, '预算批复文号' AS missing, r2.occurred_on AS event_on,
        r2.amount AS amount, r2.currency AS currency,
        r2.batch_id, r2.sheet, r2.row_number
    FROM guidance_flow_at(batch) AS r2
    WHERE coalesce(trim(r2.voucher_no), '') = '' AND r2.kind = 'budgeted'
    UNION ALL
    SELECT
        'cash_flow' AS table_name, r3.row_key, '凭证号' AS missing, r3.occurred_on AS event_on,
        r3.amount AS amount, r3.currency AS currency,
        r3.batch_id, r3.sheet, r3.row_number
    FROM cash_flow_at(batch) AS r3
    WHERE coalesce(trim(r3.voucher_no), '') = '' AND r3.amount IS NOT NULL
    UNION ALL
    SELECT
        'fund_paid_in' AS table_name, r4.row_key, '凭证号' AS missing, r4.paid_on AS event_on,
        r4.amount AS amount, r4.currency AS currency,
        r4.batch_id, r4.sheet, r4.row_number
    FROM fund_paid_in_at(batch) AS r4
    WHERE coalesce(trim(r4.voucher_no), '') = '' AND r4.amount IS NOT NULL
    UNION ALL
    SELECT
        'reinvestment' AS table_name, r5.row_key, '依据材料' AS missing, r5.recognised_on AS event_on,
        r5.recognised AS amount, CAST(NULL AS VARCHAR) AS currency,
        r5.batch_id, r5.sheet, r5.row_number
    FROM reinvestment_at(batch) AS r5
    WHERE coalesce(trim(r5.evidence), '') = ''
    UNION ALL
    SELECT
        'investment' AS table_name, r6.row_key, '凭证号' AS missing, r6.invested_on AS event_on,
        r6.amount AS amount, r6.currency AS currency,
        r6.batch_id, r6.sheet, r6.row_number
    FROM investment_at(batch) AS r6
    WHERE coalesce(trim(r6.voucher_no), '') = ''
    UNION ALL
    SELECT
        'investment_exit' AS table_name, r7.row_key, '凭证号' AS missing, r7.exited_on AS event_on,
        r7.proceeds AS amount, r7.currency AS currency,
        r7.batch_id, r7.sheet, r7.row_number
    FROM investment_exit_at(batch) AS r7
    WHERE coalesce(trim(r7.voucher_no), '') = ''
    UNION ALL
    SELECT
        'participation' AS table_name, r8.row_key, '批复文号' AS missing, r8.approved_on AS event_on,
        r8.approved_amount AS amount, r8.currency AS currency,
        r8.batch_id, r8.sheet, r8.row_number
    FROM participation_at(batch) AS r8
    WHERE coalesce(trim(r8.approval_no), '') = '' AND r8.approved_on IS NOT NULL
    UNION ALL
    SELECT
        'fund_change' AS table_name, r9.row_key, '批复文号' AS missing, r9.effective_on AS event_on,
        CAST(NULL AS DECIMAL(18, 2)) AS amount, CAST(NULL AS VARCHAR) AS currency,
        r9.batch_id, r9.sheet, r9.row_number
    FROM fund_change_at(batch) AS r9
    WHERE coalesce(trim(r9.approval_no), '') = '' AND r9.kind IN ('extended', 'terminated')
)
SELECT
    bare.table_name, bare.row_key, bare.missing, bare.event_on, bare.amount, coalesce(bare.currency, stake.currency) AS currency,
    b.file_name AS file, bare.sheet, bare.row_number
FROM bare
LEFT JOIN batch AS b ON b.batch_id = bare.batch_id
LEFT JOIN participation_at(batch) AS stake
    ON bare.table_name = 'reinvestment' AND stake.participation_id = split_part(bare.row_key, '|', 1)
WHERE coalesce(bare.event_on <= CAST(as_of AS DATE), true)
ORDER BY bare.table_name, bare.row_key, bare.missing
