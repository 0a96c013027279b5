-- macro audit_exit_price_at(as_of, batch := 'Z'): 审计退出价款：转让、回购的价款与协议约定的最低价款 / Price of exits by transfer or buy-back, and the least that was agreed
-- audit_exit_price_at.participation_id: 参股编号 / Participation
-- audit_exit_price_at.exit_on: 退出日期 / Exit on
-- audit_exit_price_at.buyer: 受让方 / Buyer
-- audit_exit_price_at.cost_basis: 原始出资：所转让部分 / Cost of what was sold
-- audit_exit_price_at.held_days: 持有天数：退出前各次缴款距退出日的天数，按金额加权 / Days held: from each call before the exit, weighted by amount
-- audit_exit_price_at.concession_kind: 让利方式 / Concession agreed
-- audit_exit_price_at.rate: 计息年利率，让利期内按原值的为空 / Rate of interest a year; empty within the concession years
-- audit_exit_price_at.rate_source: 最低价款依据 / Where the least price comes from
-- audit_exit_price_at.floor_price: 最低价款 = 原始出资 ×（1 + 利率 × 持有天数 ÷ 365）；让利期内即原始出资；缺利率为空 / Least price: cost and simple interest; within the concession years the cost; empty where the rate is not known
-- audit_exit_price_at.proceeds: 退出价款 / Proceeds
-- audit_exit_price_at.currency: 币种 / Currency
-- audit_exit_price_at.first_paid_on: 首次缴款日期 / First called on
-- audit_exit_price_at.rate_on: 利率日期 / Day of the rate
-- audit_exit_price_at.rule_force: 依据效力 / 依据 binds, 参照 only hints
-- read by: audit_exit_price, auditors
CREATE OR REPLACE MACRO audit_exit_price_at(as_of, batch := 'Z') AS TABLE
WITH price_sale AS (
    SELECT
        mb.row_key, mb.participation_id, mb.received_on AS exit_on, mb.buyer, mb.cost, mb.amount, mb.currency,
        stake.concession_kind, stake.concession_years, stake.concession_rate, stake.signed_on
    FROM money_back_at(batch) AS mb
    JOIN participation_at(batch) AS stake ON stake.participation_id = mb.participation_id
    WHERE mb.received_on <= CAST(as_of AS DATE)
        AND (mb.exit_kind IN ('转让', '回购') OR mb.exit_kind IS NULL AND mb.kind = 'exit_proceeds')
),
price_held AS (
    SELECT
        s.row_key, min(flow.occurred_on) AS first_on,
        CAST(round(CAST(sum(flow.amount * (s.exit_on - flow.occurred_on)) AS DOUBLE) / nullif(CAST(sum(flow.amount) AS DOUBLE), 0)) AS INTEGER) AS days
    FROM price_sale AS s
    JOIN cash_flow_at(batch) AS flow ON flow.participation_id = s.participation_id
    WHERE flow.kind = 'call' AND flow.amount IS NOT NULL AND flow.occurred_on <= s.exit_on AND flow.currency = s.currency
    GROUP BY s.row_key
),
price_lending AS (
    SELECT s.row_key, mr.value, mr.quoted_on, mr.source
    FROM price_sale AS s
    JOIN market_rate_at(batch) AS mr ON mr.kind = 'lending' AND mr.quoted_on <= s.exit_on
        AND coalesce(mr.currency, s.currency) = s.currency
    -- of several terms the one-year rate: 1Y, 1年, 一年
    QUALIFY row_number() OVER (
        PARTITION BY s.row_key
        ORDER BY regexp_matches(upper(mr.code), '(^|[^0-9])(1Y|1年|12M)|一年|1-?YEAR') DESC, mr.quoted_on DESC, mr.code
    ) = 1
),
price_rule AS (
    SELECT s.row_key, r.source, r.force, r.value AS years
    FROM price_sale AS s
    JOIN rule_at(batch) AS r ON r.rule_id = 'EXIT_PRICE'
        AND coalesce(r.in_force_from <= s.signed_on, true) AND coalesce(r.in_force_to >= s.signed_on, true)
    QUALIFY row_number() OVER (
        PARTITION BY s.row_key
        ORDER BY r.value IS NOT NULL DESC, r.force = '依据' DESC, r.in_force_from DESC NULLS LAST, r.source
    ) = 1
),
price_term AS (
    SELECT
        s.*, h.first_on, h.days, lending.value AS lending, lending.quoted_on, lending.source AS lending_source,
        r.source AS rule_source, r.force,
        coalesce(s.concession_kind, '无') <> '无' AS agreed,
        CASE WHEN coalesce(s.concession_kind, '无') <> '无' THEN s.concession_years ELSE r.years END AS years
    FROM price_sale AS s
    LEFT JOIN price_held AS h ON h.row_key = s.row_key
    LEFT JOIN price_lending AS lending ON lending.row_key = s.row_key
    LEFT JOIN price_rule AS r ON r.row_key = s.row_key
),
price_bound AS (
    SELECT
        *,
        agreed OR rule_source IS NOT NULL AS bound,
        CASE
            WHEN agreed AND concession_kind = '超额收益让渡' THEN true
            WHEN agreed AND concession_kind = '原值' AND years IS NULL THEN true
            WHEN years IS NULL THEN false
            ELSE first_on + to_months(CAST(round(years * 12) AS INTEGER)) >= exit_on
        END AS at_cost
    FROM price_term
),
price_rate AS (
    SELECT
        *,
        CASE
            WHEN at_cost THEN NULL
            WHEN concession_kind = '原值加贷款基准利率' AND concession_rate IS NOT NULL THEN concession_rate
            ELSE lending
        END AS rate,
        NOT at_cost AND (concession_kind IS DISTINCT FROM '原值加贷款基准利率' OR concession_rate IS NULL) AS by_market
    FROM price_bound
)
SELECT
    participation_id, exit_on, buyer, cost AS cost_basis, days AS held_days, concession_kind,
    CAST(rate AS DOUBLE) AS rate,
    CASE
        WHEN NOT bound THEN NULL
        WHEN by_market AND rate IS NOT NULL THEN concat_ws('；', CASE WHEN agreed THEN '参股协议' ELSE rule_source END, lending_source)
        WHEN agreed THEN '参股协议'
        ELSE rule_source
    END AS rate_source,
    CASE
        WHEN NOT bound THEN NULL
        WHEN at_cost THEN cost
        -- cents of interest, half up: cents times hundred-millionths of the rate times days
        ELSE CAST(cost + CAST(
            (2 * CAST(cost * 100 AS HUGEINT) * CAST(rate * 100000000 AS HUGEINT) * days + 36500000000) // 73000000000 AS DECIMAL(18, 0)
        ) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2))
    END AS floor_price,
    amount AS proceeds, currency, first_on AS first_paid_on,
    CASE WHEN by_market AND rate IS NOT NULL THEN quoted_on END AS rate_on,
    CASE WHEN NOT bound THEN NULL WHEN agreed THEN '依据' ELSE force END AS rule_force
FROM price_rate
ORDER BY participation_id, exit_on, row_key
