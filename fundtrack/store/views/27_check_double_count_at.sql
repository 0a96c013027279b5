-- macro check_double_count_at(as_of, batch): 规则 DOUBLE_COUNT 的独立复核：同一基金由多只引导基金参股，与 finding 所列逐行相同 / Rule DOUBLE_COUNT stated a second time in SQL: One fund under several guidance funds; equal to what finding lists
-- check_double_count_at.rule_id: 规则编码 / Rule
-- check_double_count_at.entity: 对象编码 / Entity
-- check_double_count_at.occurrence: 事项 / Occurrence
-- check_double_count_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_double_count_at.value: 数值 / Value
-- check_double_count_at.limit_value: 界限 / Limit
-- check_double_count_at.amount: 所涉金额 / Amount at stake
-- check_double_count_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO check_double_count_at(as_of, batch) AS TABLE
WITH double_several AS (
    SELECT
        s.entity_id, count(DISTINCT s.guidance_fund_id) FILTER (WHERE s.held AND s.up) AS guides,
        min(s.partner_fund_id) FILTER (WHERE s.held AND s.up) AS partner_fund_id,
        count(DISTINCT s.currency) FILTER (WHERE s.held AND s.up) AS currencies,
        sum(s.commitment) FILTER (WHERE s.held AND s.up) AS committed,
        list({'fund': s.partner_fund_id, 'stake': s.participation_id}) FILTER (WHERE s.speaks) AS speakers
    FROM stake_held_at(as_of, batch) AS s
    GROUP BY s.entity_id
),
double_named AS (
    SELECT d.*, unnest(d.speakers) AS speaker
    FROM double_several AS d
    WHERE d.guides > 0
),
double_raw AS (
    -- own: what the agreement says itself; sure: clear whatever binds; over: whether the limit is passed
    SELECT
        d.partner_fund_id AS entity, '' AS occurrence, false AS own, l.bound_by, l.unset, false AS sure,
        d.guides > l.limit_term AS over, CAST(d.guides AS DOUBLE) AS value, CAST(l.limit_term AS DOUBLE) AS limit_value,
        CAST(CASE WHEN d.currencies = 1 THEN d.committed END AS DECIMAL(38, 2)) AS amount
    FROM double_named AS d
    JOIN rule_limit_at(as_of, batch) AS l
        ON l.rule_id = 'DOUBLE_COUNT' AND l.criterion = '' AND NOT l.by_agreement AND l.participation_id = d.speaker.stake
    WHERE d.speaker.fund = d.partner_fund_id
),
double_judged AS (
    SELECT
        r.entity, r.occurrence, r.value, r.limit_value, r.amount, CASE WHEN r.own THEN 'agreement' ELSE r.bound_by END AS bound_by,
        rule_found(r.sure, r.own, r.bound_by, r.unset, r.over) AS found
    FROM double_raw AS r
    WHERE r.own OR r.bound_by IS NOT NULL OR r.unset
)
SELECT
    'DOUBLE_COUNT' AS rule_id, j.entity, j.occurrence,
    rule_status(j.found, j.bound_by) AS status,
    j.value, j.limit_value, CASE WHEN j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount, j.bound_by
FROM double_judged AS j
ORDER BY j.entity, j.occurrence
