-- macro report_ended_at(as_of, batch): 至当日期末的定期报告，及其期末、期初和同期最可信者 / Periodic reports whose period is over, with its ends, and which is the firmest
-- report_ended_at.partner_fund_id: 基金编码 / Partner fund
-- report_ended_at.period: 期间 / Period
-- report_ended_at.kind: 报告类型 / Kind of report
-- report_ended_at.ends_on: 期末 / Last day of the period
-- report_ended_at.begins: 上期期末 / Last day before the period
-- report_ended_at.months: 月数 / Months
-- report_ended_at.own_money: 是否基金币种 / Whether in the fund's currency
-- report_ended_at.committed: 期末认缴 / Committed
-- report_ended_at.paid_in: 期末实缴 / Paid in
-- report_ended_at.invested: 累计投资金额 / Invested
-- report_ended_at.exit_cost: 累计退出成本 / Cost of exits
-- report_ended_at.net_assets: 期末净资产 / Net assets
-- report_ended_at.fee: 当期管理费 / Fee of the period
-- report_ended_at.firmest: 是否同期最可信 / Whether the firmest of its period
-- report_ended_at.newest: 是否载有净资产的最新一期 / Whether the newest that states net assets
-- read by: check_*_at
CREATE OR REPLACE MACRO report_ended_at(as_of, batch) AS TABLE
WITH ended_report AS (
    SELECT
        said.partner_fund_id, said.period, said.kind, said.committed, said.paid_in, said.invested, said.exit_cost, said.net_assets, said.fee,
        coalesce(said.currency, f.currency) = f.currency AS own_money,
        CASE length(said.period) WHEN 4 THEN 12 ELSE CASE WHEN contains(said.period, 'Q') THEN 3 ELSE 6 END END AS months,
        last_day(make_date(
            CAST(substr(said.period, 1, 4) AS INTEGER),
            CASE substr(said.period, 5, 1)
                WHEN 'Q' THEN CAST(substr(said.period, 6, 1) AS INTEGER) * 3
                WHEN 'H' THEN CAST(substr(said.period, 6, 1) AS INTEGER) * 6
                ELSE 12
            END, 1)) AS ends_on,
        CASE said.kind WHEN '季报' THEN 0 WHEN '半年报' THEN 1 WHEN '年报' THEN 2 WHEN '审计报告' THEN 3 ELSE 0 END AS firm
    FROM fund_report_at(batch) AS said
    JOIN partner_fund_at(batch) AS f ON f.partner_fund_id = said.partner_fund_id
)
SELECT
    partner_fund_id, period, kind, ends_on, last_day(CAST(ends_on - to_months(CAST(months AS INTEGER)) AS DATE)) AS begins, months, own_money,
    committed, paid_in, invested, exit_cost, net_assets, fee,
    row_number() OVER (PARTITION BY partner_fund_id, ends_on ORDER BY firm DESC, kind DESC) = 1 AS firmest,
    net_assets IS NOT NULL AND own_money AND row_number() OVER (
        PARTITION BY partner_fund_id, net_assets IS NOT NULL AND own_money ORDER BY ends_on DESC, firm DESC
    ) = 1 AS newest
FROM ended_report
WHERE ends_on <= CAST(as_of AS DATE)
