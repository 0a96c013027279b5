-- macro audit_sample(n, seed, how := 'mus', of_table := 'cash_flow', batch := 'Z'): 审计抽样：按种子抽取资金流水，可重复 / Seeded sample of money flows, repeatable by anyone
-- audit_sample.place: 次序 / Place in the sample
-- audit_sample.table_name: 表名 / Table
-- audit_sample.row_key: 行键 / Row key
-- audit_sample.event_on: 日期 / Date
-- audit_sample.amount: 金额 / Amount
-- audit_sample.currency: 币种 / Currency
-- audit_sample.method: 方法：mus 货币单位抽样，simple 简单随机抽样 / mus monetary-unit, simple
-- audit_sample.draw: 抽取依据：简单抽样为 md5(种子|行键)，货币单位抽样为被选中的元位 / What drew it: md5 of seed|row key; of monetary units the unit hit
-- audit_sample.hits: 命中次数：大额行可命中多次 / How often a large row was hit
-- read by: auditors
-- Simple: the n rows whose md5(seed || '|' || row_key) is least. Monetary-unit, by currency: rows in the order of their keys laid end to end, one unit
-- after another; interval = sum ÷ n; start = (first 8 hex digits of md5(seed || '|' || currency) as a number ÷ 2^32) × interval; hit is every row that
-- holds a unit start + k × interval, k = 0 … n − 1. Rows without a positive amount can be drawn by simple sampling only. md5, since hash() differs
-- between versions of DuckDB. of_table: cash_flow, guidance_flow, fund_paid_in, investment, investment_exit or reinvestment.
CREATE OR REPLACE MACRO audit_sample(n, seed, how := 'mus', of_table := 'cash_flow', batch := 'Z') AS TABLE
WITH sample_all AS (
    SELECT 'cash_flow' AS source, s1.row_key, s1.occurred_on AS event_on, s1.amount, s1.currency FROM cash_flow_at(batch) AS s1 WHERE s1.amount IS NOT NULL
    UNION ALL
    SELECT 'guidance_flow', s2.row_key, s2.occurred_on, s2.amount, s2.currency FROM guidance_flow_at(batch) AS s2 WHERE s2.kind <> 'balance'
    UNION ALL
    SELECT 'fund_paid_in', s3.row_key, s3.paid_on, s3.amount, coalesce(s3.currency, f3.currency)
    FROM fund_paid_in_at(batch) AS s3 LEFT JOIN partner_fund_at(batch) AS f3 ON f3.partner_fund_id = s3.partner_fund_id
    WHERE s3.amount IS NOT NULL
    UNION ALL
    SELECT 'investment', s4.row_key, s4.invested_on, s4.amount, s4.currency FROM investment_at(batch) AS s4
    UNION ALL
    SELECT 'investment_exit', s5.row_key, s5.exited_on, s5.proceeds, s5.currency FROM investment_exit_at(batch) AS s5
    UNION ALL
    SELECT 'reinvestment', s6.row_key, s6.recognised_on, s6.recognised, p6.currency
    FROM reinvestment_at(batch) AS s6 LEFT JOIN participation_at(batch) AS p6 ON p6.participation_id = s6.participation_id
),
sample_row AS (
    SELECT
        source, row_key, event_on, amount, currency,
        md5(CAST(seed AS VARCHAR) || '|' || row_key) AS digest,
        CAST(greatest(amount, 0) * 100 AS HUGEINT) AS cents,
        CAST(sum(CAST(greatest(amount, 0) * 100 AS HUGEINT)) OVER (PARTITION BY currency ORDER BY row_key) AS HUGEINT) AS upto,
        CAST(sum(CAST(greatest(amount, 0) * 100 AS HUGEINT)) OVER (PARTITION BY currency) AS HUGEINT) AS whole,
        CAST('0x' || substr(md5(CAST(seed AS VARCHAR) || '|' || currency), 1, 8) AS HUGEINT) AS start
    FROM sample_all
    WHERE source = of_table
),
sample_point AS (
    -- how many points lie below the first and below the last cent of a row; point k = whole × (start + k × 2^32) ÷ (n × 2^32)
    SELECT
        *,
        CASE
            WHEN whole = 0 OR (upto - cents) * n * 4294967296 <= whole * start THEN 0
            ELSE ((upto - cents) * n * 4294967296 - whole * start + whole * 4294967296 - 1) // (whole * 4294967296)
        END AS points_before,
        CASE
            WHEN whole = 0 OR upto * n * 4294967296 <= whole * start THEN 0
            ELSE (upto * n * 4294967296 - whole * start + whole * 4294967296 - 1) // (whole * 4294967296)
        END AS points_upto
    FROM sample_row
),
sample_drawn AS (
    SELECT
        'mus' AS drawn_by, *, currency AS sorted_by,
        CAST(CAST(whole * (start + points_before * 4294967296) // (CAST(n AS HUGEINT) * 4294967296) AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS VARCHAR) AS drawn,
        CAST(points_upto - points_before AS INTEGER) AS times
    FROM sample_point
    WHERE points_upto > points_before
    UNION ALL
    SELECT 'simple', *, digest, digest, 1
    FROM sample_point
    QUALIFY row_number() OVER (ORDER BY digest, row_key) <= n
)
SELECT
    CAST(row_number() OVER (ORDER BY sorted_by, row_key) AS INTEGER) AS place,
    source AS table_name, row_key, event_on, amount, currency, drawn_by AS method, drawn AS draw, times AS hits
FROM sample_drawn
WHERE drawn_by = how
ORDER BY place
