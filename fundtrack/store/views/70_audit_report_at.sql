-- macro audit_report_at(as_of, batch := 'Z'): 审计报送：合作基金定期报告是否按期 / Punctuality of the partner funds' reports
-- audit_report_at.partner_fund_id: 基金编码 / Partner fund
-- audit_report_at.name: 基金名称 / Name
-- audit_report_at.period: 期间 / Period
-- audit_report_at.kind: 报告类型 / Kind of report
-- audit_report_at.period_end: 报告期末 / Last day of the period
-- audit_report_at.due_on: 应报日期，空为未载 / Due on, empty where not stated
-- audit_report_at.filed_on: 实报日期，空为未报 / Filed on, empty where it has not come
-- audit_report_at.days_late: 逾期天数：未报的计至该日，未载应报日期的为空 / Days late, until that day where it has not come; empty without a due date
-- audit_report_at.punctuality: 报送情形：按期、逾期、未报、未到期、未载应报日期 / 按期 on time, 逾期 late, 未报 missing, 未到期 not yet due, 未载应报日期 no due date
-- audit_report_at.sender: 报送单位 / Sender
-- audit_report_at.batch_id: 入库批次 / Batch
-- read by: audit_report, auditors
CREATE OR REPLACE MACRO audit_report_at(as_of, batch := 'Z') AS TABLE
WITH late_report AS (
    SELECT
        p.partner_fund_id, p.period, p.kind, p.period_end, p.due_on,
        CASE WHEN p.filed_on <= CAST(as_of AS DATE) THEN p.filed_on END AS filed_on,
        greatest(coalesce(CASE WHEN p.filed_on <= CAST(as_of AS DATE) THEN p.filed_on END, CAST(as_of AS DATE)) - p.due_on, 0) AS days_late
    FROM fund_position_at(batch) AS p
    WHERE p.period_end <= CAST(as_of AS DATE)
)
SELECT
    l.partner_fund_id, n.name, l.period, l.kind, l.period_end, l.due_on, l.filed_on,
    CASE WHEN l.due_on IS NOT NULL THEN CAST(l.days_late AS INTEGER) END AS days_late,
    CASE
        WHEN l.due_on IS NULL THEN '未载应报日期'
        WHEN l.filed_on IS NULL AND l.days_late > 0 THEN '未报'
        WHEN l.days_late > 0 THEN '逾期'
        WHEN l.filed_on IS NOT NULL THEN '按期'
        ELSE '未到期'
    END AS punctuality,
    b.sender, fr.batch_id
FROM late_report AS l
JOIN fund_name_at(as_of, batch) AS n ON n.partner_fund_id = l.partner_fund_id
JOIN fund_report_at(batch) AS fr ON fr.partner_fund_id = l.partner_fund_id AND fr.period = l.period AND fr.kind = l.kind
LEFT JOIN batch AS b ON b.batch_id = fr.batch_id
ORDER BY l.partner_fund_id, l.period_end, l.kind
