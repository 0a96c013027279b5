-- view audit_report: 审计报送：合作基金定期报告是否按期；截至各封面最新截至日期 / Punctuality of the partner funds' reports; as of the newest cover date
-- audit_report.partner_fund_id: 基金编码 / Partner fund
-- audit_report.name: 基金名称 / Name
-- audit_report.period: 期间 / Period
-- audit_report.kind: 报告类型 / Kind of report
-- audit_report.period_end: 报告期末 / Last day of the period
-- audit_report.due_on: 应报日期，空为未载 / Due on, empty where not stated
-- audit_report.filed_on: 实报日期，空为未报 / Filed on, empty where it has not come
-- audit_report.days_late: 逾期天数：未报的计至该日，未载应报日期的为空 / Days late, until that day where it has not come; empty without a due date
-- audit_report.punctuality: 报送情形：按期、逾期、未报、未到期、未载应报日期 / 按期 on time, 逾期 late, 未报 missing, 未到期 not yet due, 未载应报日期 no due date
-- audit_report.sender: 报送单位 / Sender
-- audit_report.batch_id: 入库批次 / Batch
-- read by: auditors
CREATE OR REPLACE VIEW audit_report AS
SELECT * FROM audit_report_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
