-- macro check_concentration_at(as_of, batch): 规则 CONCENTRATION 的独立复核：单个企业投资占比过高，与 finding 所列逐行相同 / Rule CONCENTRATION stated a second time in SQL: Too much in one company; equal to what finding lists
-- check_concentration_at.rule_id: 规则编码 / Rule
-- check_concentration_at.entity: 对象编码 / Entity
-- check_concentration_at.occurrence: 事项 / Occurrence
-- check_concentration_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_concentration_at.value: 数值 / Value
-- check_concentration_at.limit_value: 界限 / Limit
-- check_concentration_at.amount: 所涉金额 / Amount at stake
-- check_concentration_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO check_concentration_at(as_of, batch) AS TABLE
WITH spread_company AS (
    SELECT
        made.investment_id, made.partner_fund_id, made.currency, made.amount,
        coalesce(min(coded.owner) OVER (PARTITION BY coded.folded, coded.owner IS NULL), firm.company_id) AS company
    FROM investment_at(batch) AS made
    LEFT JOIN company_at(batch) AS firm ON firm.company_id = made.company_id
    LEFT JOIN folded_text_at(batch) AS coded ON coded.what = 'company_uscc' AND coded.valid AND coded.owner = firm.company_id
    WHERE made.invested_on <= CAST(as_of AS DATE)
),
spread_exit AS (
    SELECT gone.investment_id, coalesce(sum(gone.cost), 0) AS exit_cost, bool_or(gone.currency <> made.currency) AS mixed
    FROM investment_exit_at(batch) AS gone
    JOIN investment_at(batch) AS made ON made.investment_id = gone.investment_id
    WHERE gone.exited_on <= CAST(as_of AS DATE)
    GROUP BY gone.investment_id
),
spread_held AS (
    SELECT s.partner_fund_id, s.company, s.currency, sum(s.amount - coalesce(e.exit_cost, 0)) AS cost
    FROM spread_company AS s
    LEFT JOIN spread_exit AS e ON e.investment_id = s.investment_id
    WHERE NOT coalesce(e.mixed, false) AND s.amount - coalesce(e.exit_cost, 0) > 0
    GROUP BY s.partner_fund_id, s.company, s.currency
),
spread_grown AS (
    SELECT ic.partner_fund_id, sum(ic.amount) AS change
    FROM investor_change_at(batch) AS ic
    WHERE ic.changed_on <= CAST(as_of AS DATE)
    GROUP BY ic.partner_fund_id
),
spread_base AS (
    SELECT
        f.partner_fund_id, coalesce(h.company, '') AS company, h.cost, l.limit_term, l.bound_by, l.unset,
        CAST(CASE
            WHEN contains(coalesce(l.rule_base, ''), '认缴') THEN opening.opening_size + coalesce(spread_grown.change, 0)
            WHEN l.rule_base = '实缴' THEN f.fund_paid_in
            WHEN n.net_assets IS NOT NULL THEN greatest(n.net_assets, coalesce(f.fund_paid_in, n.net_assets))
        END AS DECIMAL(18, 2)) AS base
    FROM fund_live_at(as_of, batch) AS f
    JOIN rule_limit_at(as_of, batch) AS l ON l.rule_id = 'CONCENTRATION' AND l.criterion = '' AND l.by_agreement
        AND l.participation_id IS NOT DISTINCT FROM f.participation_id AND l.guidance_fund_id IS NOT DISTINCT FROM f.guidance_fund_id
    JOIN fund_opening_at(batch) AS opening ON opening.partner_fund_id = f.partner_fund_id
    LEFT JOIN spread_grown ON spread_grown.partner_fund_id = f.partner_fund_id
    LEFT JOIN spread_held AS h ON h.partner_fund_id = f.partner_fund_id
    LEFT JOIN report_ended_at(as_of, batch) AS n ON n.partner_fund_id = f.partner_fund_id AND n.newest
    WHERE f.live AND (h.currency IS NULL OR h.currency = f.fund_currency)
),
spread_raw AS (
    -- own: what the agreement says itself; sure: clear whatever binds; over: whether the limit is passed
    SELECT
        b.partner_fund_id AS entity, b.company AS occurrence, false AS own, b.bound_by, b.unset, false AS sure,
        CASE WHEN b.base > 0 THEN b.cost > b.limit_term * CAST(b.base AS DECIMAL(38, 2)) END AS over,
        CASE WHEN b.base > 0 THEN CAST(b.cost AS DOUBLE) / CAST(b.base AS DOUBLE) END AS value,
        CAST(b.limit_term AS DOUBLE) AS limit_value, CAST(b.cost AS DECIMAL(38, 2)) AS amount
    FROM spread_base AS b
),
spread_judged AS (
    SELECT
        r.entity, r.occurrence, r.value, r.limit_value, r.amount, CASE WHEN r.own THEN 'agreement' ELSE r.bound_by END AS bound_by,
        rule_found(r.sure, r.own, r.bound_by, r.unset, r.over) AS found
    FROM spread_raw AS r
    WHERE r.own OR r.bound_by IS NOT NULL OR r.unset
),
spread_grouped AS (
    SELECT
        j.*, bool_or(coalesce(j.found, false)) OVER (PARTITION BY j.entity) AS any_found,
        row_number() OVER (PARTITION BY j.entity ORDER BY j.value DESC NULLS LAST, j.occurrence) = 1 AS shown_first
    FROM spread_judged AS j
),
spread_shown AS (
    -- each company above the limit; of a fund without one, a row without occurrence that shows the largest
    SELECT
        g.entity, CASE WHEN coalesce(g.found, false) THEN g.occurrence ELSE '' END AS occurrence, g.value, g.limit_value, g.amount, g.bound_by,
        CASE WHEN g.amount IS NULL THEN false ELSE g.found END AS found
    FROM spread_grouped AS g
    WHERE coalesce(g.found, false) OR (NOT g.any_found AND g.shown_first)
)
SELECT
    'CONCENTRATION' AS rule_id, j.entity, j.occurrence,
    rule_status(j.found, j.bound_by) AS status,
    j.value, j.limit_value, CASE WHEN j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount, j.bound_by
FROM spread_shown AS j
ORDER BY j.entity, j.occurrence
