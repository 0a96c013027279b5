-- view audit_no_evidence: 审计无凭证：没有凭证号、文号或依据材料的各行；截至各封面最新截至日期 / Rows without voucher, document number or evidence; as of the newest cover date
-- audit_no_evidence.table_name: 表名 / Table
-- audit_no_evidence.row_key: 行键 / Row key
-- audit_no_evidence.missing: 所缺：凭证号、预算批复文号、批复文号或依据材料 / What is missing
-- audit_no_evidence.event_on: 业务日期 / Day of the event
-- audit_no_evidence.amount: 金额 / Amount
-- audit_no_evidence.currency: 币种，返投认定从其参股 / Currency; of a recognition that of its participation
-- audit_no_evidence.file: 文件 / File
-- audit_no_evidence.sheet: 工作表 / Sheet
-- audit_no_evidence.row_number: 行号 / Row
-- read by: auditors
CREATE OR REPLACE VIEW audit_no_evidence AS
SELECT * FROM audit_no_evidence_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
