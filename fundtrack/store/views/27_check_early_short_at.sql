-- macro check_early_short_at(as_of, batch): 规则 EARLY_SHORT 的独立复核：初创期投资占比不足，与 finding 所列逐行相同 / Rule EARLY_SHORT stated a second time in SQL: Early-stage share too low; equal to what finding lists
-- check_early_short_at.rule_id: 规则编码 / Rule
-- check_early_short_at.entity: 对象编码 / Entity
-- check_early_short_at.occurrence: 事项 / Occurrence
-- check_early_short_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_early_short_at.value: 数值 / Value
-- check_early_short_at.limit_value: 界限 / Limit
-- check_early_short_at.amount: 所涉金额 / Amount at stake
-- check_early_short_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO check_early_short_at(as_of, batch) AS TABLE
WITH early_placed AS (
    SELECT
        made.partner_fund_id, bool_or(made.currency <> f.currency) AS mixed, sum(made.amount) AS invested,
        coalesce(sum(made.amount) FILTER (WHERE made.stage IN ('seed', 'startup')), 0) AS early
    FROM investment_at(batch) AS made
    JOIN partner_fund_at(batch) AS f ON f.partner_fund_id = made.partner_fund_id
    WHERE made.invested_on <= CAST(as_of AS DATE)
    GROUP BY made.partner_fund_id
),
early_grown AS (
    SELECT ic.partner_fund_id, sum(ic.amount) AS change
    FROM investor_change_at(batch) AS ic
    WHERE ic.changed_on <= CAST(as_of AS DATE)
    GROUP BY ic.partner_fund_id
),
early_subject AS (
    SELECT
        s.participation_id, terms.early_min, fund.investment_end <= CAST(as_of AS DATE) AS over_then, l.bound_by, l.unset,
        CASE WHEN NOT coalesce(p.mixed, false) THEN coalesce(p.early, 0) END AS early,
        CASE WHEN NOT coalesce(p.mixed, false) THEN coalesce(p.invested, 0) END AS invested,
        CASE WHEN terms.early_min IS NOT NULL THEN terms.early_base ELSE l.rule_base END AS measured,
        opening.opening_size + coalesce(early_grown.change, 0) AS committed_size,
        coalesce(CAST(terms.early_min AS DECIMAL(18, 8)), l.limit_term) AS limit_term
    FROM stake_held_at(as_of, batch) AS s
    JOIN participation_at(batch) AS terms ON terms.participation_id = s.participation_id
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = s.partner_fund_id
    JOIN fund_opening_at(batch) AS opening ON opening.partner_fund_id = s.partner_fund_id
    LEFT JOIN early_grown ON early_grown.partner_fund_id = s.partner_fund_id
    LEFT JOIN early_placed AS p ON p.partner_fund_id = s.partner_fund_id
    LEFT JOIN rule_limit_at(as_of, batch) AS l
        ON l.rule_id = 'EARLY_SHORT' AND l.criterion = '' AND l.by_agreement AND l.participation_id = s.participation_id
    WHERE s.held AND s.up
),
early_whole AS (
    SELECT
        e.*, CAST(CASE e.measured WHEN '基金规模' THEN e.committed_size WHEN '已投金额' THEN e.invested END AS DECIMAL(18, 2)) AS whole
    FROM early_subject AS e
),
early_asked AS (
    SELECT
        w.*, CAST(round(CAST(w.whole AS DECIMAL(38, 2)) * w.limit_term, 2) AS DECIMAL(18, 2)) AS asked
    FROM early_whole AS w
),
early_raw AS (
    -- own: what the agreement says itself; sure: clear whatever binds; over: whether the limit is passed
    SELECT
        e.participation_id AS entity, '' AS occurrence, e.early_min IS NOT NULL AS own, e.bound_by, e.unset,
        coalesce(e.measured <> '基金规模' AND e.invested = 0, false)
            OR coalesce(e.early < e.asked AND e.measured = '基金规模' AND NOT e.over_then, false) AS sure,
        CASE
            WHEN NOT coalesce(e.early < e.asked AND e.measured = '基金规模' AND e.over_then IS NULL, false) THEN e.early < e.asked
        END AS over,
        CAST(e.early AS DOUBLE) / nullif(CAST(e.whole AS DOUBLE), 0) AS value, CAST(e.limit_term AS DOUBLE) AS limit_value,
        CAST(e.asked - e.early AS DECIMAL(38, 2)) AS amount
    FROM early_asked AS e
),
early_judged AS (
    SELECT
        r.entity, r.occurrence, r.value, r.limit_value, r.amount, CASE WHEN r.own THEN 'agreement' ELSE r.bound_by END AS bound_by,
        rule_found(r.sure, r.own, r.bound_by, r.unset, r.over) AS found
    FROM early_raw AS r
    WHERE r.own OR r.bound_by IS NOT NULL OR r.unset
)
SELECT
    'EARLY_SHORT' AS rule_id, j.entity, j.occurrence,
    rule_status(j.found, j.bound_by) AS status,
    j.value, j.limit_value, CASE WHEN j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount, j.bound_by
FROM early_judged AS j
ORDER BY j.entity, j.occurrence
