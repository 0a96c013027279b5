-- macro fund_position_at(batch): 基金定期报告所载期末数，按报告期末日期 / Positions in the fund reports, by the day on which their period ends
-- fund_position_at.partner_fund_id: 基金编码 / Partner fund
-- fund_position_at.period: 期间 / Period
-- fund_position_at.kind: 报告类型 / Kind of report
-- fund_position_at.period_end: 报告期末 / Last day of the period
-- fund_position_at.preference: 同日多份的取用次序，小者优先：审计报告、年报、半年报、季报 / Of several for one day, the least counts
-- fund_position_at.due_on: 应报日期 / Due on
-- fund_position_at.filed_on: 实报日期 / Filed on
-- fund_position_at.paid_in: 期末实缴 / Paid in
-- fund_position_at.net_assets: 期末净资产 / Net assets
-- fund_position_at.cash: 货币资金（含理财） / Cash, wealth products included
-- fund_position_at.currency: 币种，未填为空 / Currency, empty where not stated
-- read by: audit_idle_at, audit_direction_at, audit_report_at
CREATE OR REPLACE MACRO fund_position_at(batch) AS TABLE
SELECT
    fr.partner_fund_id, fr.period, fr.kind,
    last_day(make_date(
        CAST(substr(fr.period, 1, 4) AS INTEGER),
        CASE substr(fr.period, 5, 1)
            WHEN 'Q' THEN CAST(substr(fr.period, 6, 1) AS INTEGER) * 3
            WHEN 'H' THEN CAST(substr(fr.period, 6, 1) AS INTEGER) * 6
            ELSE 12
        END, 1)) AS period_end,
    CASE fr.kind WHEN '审计报告' THEN 1 WHEN '年报' THEN 2 WHEN '半年报' THEN 3 ELSE 4 END AS preference,
    fr.due_on, fr.filed_on, fr.paid_in, fr.net_assets, fr.cash, fr.currency
FROM fund_report_at(batch) AS fr
