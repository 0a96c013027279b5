-- macro audit_correction_at(as_of, batch := 'Z'): 审计更正：以更正方式录入的各项数值 / Values entered by correction
-- audit_correction_at.edition: 数据版本 / Edition
-- audit_correction_at.batch_id: 入库批次 / Batch
-- audit_correction_at.changed_at: 更正时间（UTC） / Corrected at (UTC)
-- audit_correction_at.changed_by: 更正人 / Corrected by
-- audit_correction_at.approved_by: 复核人 / Approved by
-- audit_correction_at.table_name: 表名 / Table
-- audit_correction_at.row_key: 行键 / Row key
-- audit_correction_at.field: 字段 / Field
-- audit_correction_at.old_value: 原值 / Old value
-- audit_correction_at.new_value: 更正值 / Corrected value
-- audit_correction_at.reason: 事由 / Reason
-- audit_correction_at.event_on: 业务日期 / Day of the event
-- audit_correction_at.standing: 是否仍然有效：其后没有批次再改同一字段 / Whether no later batch changed the field again
-- read by: audit_correction, auditors
CREATE OR REPLACE MACRO audit_correction_at(as_of, batch := 'Z') AS TABLE
WITH corrected AS (
    SELECT c.*, lead(c.batch_id) OVER (PARTITION BY c.table_name, c.row_key, c.field ORDER BY c.batch_id) IS NULL AS standing
    FROM field_change_at(batch) AS c
    WHERE c.old_value IS DISTINCT FROM c.new_value
)
SELECT
    b.edition, c.batch_id, b.loaded_at AS changed_at, b.loaded_by AS changed_by, b.reviewer AS approved_by,
    c.table_name, c.row_key, c.field, c.old_value, c.new_value, b.reason, c.event_on, c.standing
FROM corrected AS c
JOIN batch AS b ON b.batch_id = c.batch_id
WHERE b.kind = 'correction' AND coalesce(c.event_on <= CAST(as_of AS DATE), true)
ORDER BY c.batch_id, c.table_name, c.row_key, c.field
