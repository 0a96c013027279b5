-- macro nav_at(batch): 各参股的已知净资产：估值优先，其次基金定期报告所载份额按实缴分摊 / Every NAV known of each participation: valuations first, else the fund report's share split by paid-in
-- nav_at.participation_id: 参股编号 / Participation
-- nav_at.nav: 引导基金应占净资产 / NAV share of the guidance fund
-- nav_at.nav_on: 日期 / Date
-- nav_at.source: 来源：valuation 估值，fund_report 基金定期报告 / Source
-- nav_at.preference: 同日多个时的取用次序，小者优先 / Of several for one day, the least counts
-- read by: participation_summary_at
CREATE OR REPLACE MACRO nav_at(batch) AS TABLE
WITH nav_report AS (
    SELECT
        fr.partner_fund_id, fr.currency, CAST(fr.guidance_share * 100 AS HUGEINT) AS cents,
        last_day(make_date(
            CAST(substr(fr.period, 1, 4) AS INTEGER),
            CASE substr(fr.period, 5, 1)
                WHEN 'Q' THEN CAST(substr(fr.period, 6, 1) AS INTEGER) * 3
                WHEN 'H' THEN CAST(substr(fr.period, 6, 1) AS INTEGER) * 6
                ELSE 12
            END, 1)) AS day,
        CASE fr.kind WHEN '审计报告' THEN 1 WHEN '年报' THEN 2 WHEN '半年报' THEN 3 ELSE 4 END AS preference
    FROM fund_report_at(batch) AS fr
    WHERE fr.guidance_share IS NOT NULL
),
nav_paid AS (
    SELECT
        nav_report.partner_fund_id, nav_report.day, nav_report.preference, nav_report.cents, stake.participation_id,
        nav_report.currency IS NULL OR nav_report.currency = stake.currency AS in_currency,
        stake.currency AS own,
        CAST(coalesce((
            SELECT sum(flow.amount) FROM cash_flow_at(batch) AS flow
            WHERE flow.participation_id = stake.participation_id
                AND flow.kind IN ('call', 'fee_outside') AND flow.occurred_on <= nav_report.day
        ), 0) * 100 AS HUGEINT) AS weight
    FROM nav_report
    JOIN participation_at(batch) AS stake ON stake.partner_fund_id = nav_report.partner_fund_id
),
nav_share AS (
    SELECT
        participation_id, day, preference, cents, weight, in_currency,
        count(*) OVER holders AS holders,
        min(own) OVER holders = max(own) OVER holders AS one_currency,
        CAST(sum(weight) OVER holders AS HUGEINT) AS together,
        CAST(sum(weight) OVER (
            PARTITION BY partner_fund_id, day, preference ORDER BY participation_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS HUGEINT) AS so_far
    FROM nav_paid
    WINDOW holders AS (PARTITION BY partner_fund_id, day, preference)
)
SELECT v.participation_id, v.nav, v.valued_on AS nav_on, 'valuation' AS source, 0 AS preference
FROM valuation_at(batch) AS v
JOIN participation_at(batch) AS stake ON stake.participation_id = v.participation_id
WHERE v.currency = stake.currency
UNION ALL
SELECT
    participation_id,
    CAST(CASE
        WHEN holders = 1 THEN cents
        -- what its sum so far, half up on the size in whole cents, adds: the parts sum to the share
        ELSE sign(cents) * (
            (2 * abs(cents) * so_far + together) // (2 * together)
            - (2 * abs(cents) * (so_far - weight) + together) // (2 * together)
        )
    END AS DECIMAL(18, 0)) / CAST(100 AS DECIMAL(18, 0)) AS nav,
    day, 'fund_report', preference
FROM nav_share
WHERE in_currency AND one_currency AND (holders = 1 OR together > 0)
