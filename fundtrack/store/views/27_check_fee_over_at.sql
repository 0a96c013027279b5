-- macro check_fee_over_at(as_of, batch): 规则 FEE_OVER 的独立复核：管理费超约定，与 finding 所列逐行相同 / Rule FEE_OVER stated a second time in SQL: Fees above the rate; equal to what finding lists
-- check_fee_over_at.rule_id: 规则编码 / Rule
-- check_fee_over_at.entity: 对象编码 / Entity
-- check_fee_over_at.occurrence: 事项 / Occurrence
-- check_fee_over_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_fee_over_at.value: 数值 / Value
-- check_fee_over_at.limit_value: 界限 / Limit
-- check_fee_over_at.amount: 所涉金额 / Amount at stake
-- check_fee_over_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO check_fee_over_at(as_of, batch) AS TABLE
WITH fee_row AS (
    SELECT
        f.partner_fund_id, f.fund_currency, own.fee_rate, l.bound_by, l.unset,
        coalesce(CAST(own.fee_rate AS DECIMAL(18, 8)), l.limit_term) AS limit_term,
        r.period, r.kind, r.ends_on, r.begins, r.months, r.fee,
        CASE CASE WHEN own.fee_rate IS NOT NULL THEN own.fee_base ELSE coalesce(l.rule_base, '实缴') END
            WHEN '认缴' THEN r.committed
            WHEN '实缴' THEN r.paid_in
            WHEN '未退出投资额' THEN r.invested - r.exit_cost
        END AS base
    FROM fund_live_at(as_of, batch) AS f
    JOIN partner_fund_at(batch) AS own ON own.partner_fund_id = f.partner_fund_id
    LEFT JOIN rule_limit_at(as_of, batch) AS l ON l.rule_id = 'FEE_OVER' AND l.criterion = '' AND l.by_agreement
        AND l.participation_id IS NOT DISTINCT FROM f.participation_id AND l.guidance_fund_id IS NOT DISTINCT FROM f.guidance_fund_id
    LEFT JOIN report_ended_at(as_of, batch) AS r ON r.partner_fund_id = f.partner_fund_id AND r.own_money
    WHERE f.live AND coalesce(f.fund_paid_in, 1) > 0
),
fee_listed AS (
    -- the bases of earlier periods, beside each: one text, no second reading of the whole
    SELECT
        b.*,
        list({'on': b.ends_on, 'kind': b.kind, 'base': b.base}) FILTER (WHERE b.base IS NOT NULL)
            OVER (PARTITION BY b.partner_fund_id) AS bases
    FROM fee_row AS b
),
fee_most AS (
    SELECT
        p.*,
        CAST(round(
            CAST(CASE WHEN p.base IS NOT NULL THEN greatest(p.base, coalesce(p.base_before, p.base)) END AS DECIMAL(38, 2))
                * CAST(round(CAST(p.limit_term AS DOUBLE) * p.months / 12, 8) AS DECIMAL(18, 8)), 2) AS DECIMAL(18, 2)) AS most
    FROM (
        SELECT
            b.*,
            (
                SELECT arg_max(was.one.base, concat(was.one."on", was.one.kind))
                FROM (SELECT unnest(b.bases) AS one) AS was
                WHERE was.one."on" <= b.begins
            ) AS base_before
        FROM fee_listed AS b
    ) AS p
),
fee_raw AS (
    -- own: what the agreement says itself; sure: clear whatever binds; over: whether the limit is passed
    SELECT
        f.partner_fund_id AS entity, CASE WHEN f.fee IS NULL THEN '' ELSE concat(f.period, '|', f.kind) END AS occurrence,
        f.fee_rate IS NOT NULL AS own, f.bound_by, f.unset, false AS sure, f.fee > f.most AS over,
        CAST(f.fee AS DOUBLE) AS value, CASE WHEN f.fee IS NOT NULL THEN CAST(f.most AS DOUBLE) END AS limit_value, CAST(f.fee - f.most AS DECIMAL(38, 2)) AS amount
    FROM fee_most AS f
),
fee_judged AS (
    SELECT
        r.entity, r.occurrence, r.value, r.limit_value, r.amount, CASE WHEN r.own THEN 'agreement' ELSE r.bound_by END AS bound_by,
        rule_found(r.sure, r.own, r.bound_by, r.unset, r.over) AS found
    FROM fee_raw AS r
    WHERE r.own OR r.bound_by IS NOT NULL OR r.unset
),
fee_grouped AS (
    SELECT
        j.*, bool_or(coalesce(j.found, false)) OVER (PARTITION BY j.entity) AS any_found,
        row_number() OVER (PARTITION BY j.entity ORDER BY j.value DESC NULLS LAST, j.occurrence) = 1 AS shown_first,
        coalesce(bool_or(NOT j.found) FILTER (WHERE j.value IS NOT NULL) OVER (PARTITION BY j.entity), false)
            AND NOT coalesce(bool_or(j.found IS NULL) FILTER (WHERE j.value IS NOT NULL) OVER (PARTITION BY j.entity), false) AS all_clear
    FROM fee_judged AS j
),
fee_shown AS (
    -- each fee above the limit; of a fund without one, a row without occurrence
    SELECT g.entity, g.occurrence, g.value, g.limit_value, g.amount, g.bound_by, true AS found
    FROM fee_grouped AS g
    WHERE coalesce(g.found, false)
    UNION ALL
    SELECT n.entity, '', NULL, NULL, NULL, n.bound_by, CASE WHEN n.all_clear THEN false END
    FROM fee_grouped AS n
    WHERE NOT n.any_found AND n.shown_first
)
SELECT
    'FEE_OVER' AS rule_id, j.entity, j.occurrence,
    rule_status(j.found, j.bound_by) AS status,
    j.value, j.limit_value, CASE WHEN j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount, j.bound_by
FROM fee_shown AS j
ORDER BY j.entity, j.occurrence
