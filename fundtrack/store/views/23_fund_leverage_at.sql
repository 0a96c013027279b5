-- macro fund_leverage_at(as_of, batch): 计入基金合计的放大倍数及各项比率，各币种分列 / Leverage and other ratios of all funds that count, each currency for itself
-- fund_leverage_at.currency: 币种 / Currency
-- fund_leverage_at.metric: 指标，见指标目录 / Metric, see the catalogue
-- fund_leverage_at.value: 分子 ÷ 分母 / Numerator ÷ denominator
-- fund_leverage_at.numerator: 分子合计，仅计分子分母均已知的基金 / Numerators, of funds that know both sides
-- fund_leverage_at.denominator: 分母合计 / Denominators
-- fund_leverage_at.funds: 基金只数 / How many funds
-- read by: fund_leverage, fundtrack.load.agree
CREATE OR REPLACE MACRO fund_leverage_at(as_of, batch) AS TABLE
WITH leverage_side AS (
    SELECT
        currency,
        unnest([
            'leverage_paid_in', 'leverage_social', 'leverage_project', 'paid_in_rate', 'progress', 'joint_ratio',
            'early_of_size', 'early_of_invested'
        ]) AS metric,
        unnest([paid_in, committed_social, in_projects, paid_in, invested, joint, early, early]) AS above,
        unnest([
            guidance_paid_in, committed_governed, government_paid_in, committed_size, paid_in, invested, committed_size, invested
        ]) AS below
    FROM fund_ratio_at(as_of, batch)
    WHERE counted
),
leverage_sum AS (
    SELECT
        currency, metric,
        sum(above) FILTER (WHERE below IS NOT NULL) AS above,
        sum(below) FILTER (WHERE above IS NOT NULL) AS below,
        count(above + below) AS funds
    FROM leverage_side
    GROUP BY currency, metric
)
SELECT
    currency, metric,
    CAST(above AS DOUBLE) / nullif(CAST(below AS DOUBLE), 0) AS value,
    CAST(above AS DECIMAL(18, 2)) AS numerator, CAST(below AS DECIMAL(18, 2)) AS denominator, funds
FROM leverage_sum
ORDER BY currency, metric
