-- view audit_correction: 审计更正：以更正方式录入的各项数值；截至各封面最新截至日期 / Values entered by correction; as of the newest cover date
-- audit_correction.edition: 数据版本 / Edition
-- audit_correction.batch_id: 入库批次 / Batch
-- audit_correction.changed_at: 更正时间（UTC） / Corrected at (UTC)
-- audit_correction.changed_by: 更正人 / Corrected by
-- audit_correction.approved_by: 复核人 / Approved by
-- audit_correction.table_name: 表名 / Table
-- audit_correction.row_key: 行键 / Row key
-- audit_correction.field: 字段 / Field
-- audit_correction.old_value: 原值 / Old value
-- audit_correction.new_value: 更正值 / Corrected value
-- audit_correction.reason: 事由 / Reason
-- audit_correction.event_on: 业务日期 / Day of the event
-- audit_correction.standing: 是否仍然有效：其后没有批次再改同一字段 / Whether no later batch changed the field again
-- read by: auditors
CREATE OR REPLACE VIEW audit_correction AS
SELECT * FROM audit_correction_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
