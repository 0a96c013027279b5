-- macro check_sum_mismatch_at(as_of, batch): 规则 SUM_MISMATCH 的独立复核：勾稽不符（不含汇率缺失），与 finding 所列逐行相同 / Rule SUM_MISMATCH stated a second time in SQL: Figures that must add up (missing exchange rates apart); equal to what finding lists
-- check_sum_mismatch_at.rule_id: 规则编码 / Rule
-- check_sum_mismatch_at.entity: 对象编码 / Entity
-- check_sum_mismatch_at.occurrence: 事项 / Occurrence
-- check_sum_mismatch_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_sum_mismatch_at.value: 数值 / Value
-- check_sum_mismatch_at.limit_value: 界限 / Limit
-- check_sum_mismatch_at.amount: 所涉金额 / Amount at stake
-- check_sum_mismatch_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO check_sum_mismatch_at(as_of, batch) AS TABLE
WITH sum_speaker AS (
    SELECT
        fund.partner_fund_id, fund.committed_size, entity.set_up_on <= CAST(as_of AS DATE) AS up, first_one.participation_id,
        first_one.guidance_fund_id, first_one.agreed_on
    FROM partner_fund_at(batch) AS fund
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = fund.partner_fund_id
    LEFT JOIN (
        SELECT
            s.partner_fund_id, s.participation_id, s.guidance_fund_id, coalesce(s.signed_on, s.approved_on) AS agreed_on,
            row_number() OVER (
                PARTITION BY s.partner_fund_id ORDER BY coalesce(s.signed_on, s.approved_on, DATE '9999-12-31'), s.participation_id
            ) AS place
        FROM participation_at(batch) AS s
    ) AS first_one ON first_one.partner_fund_id = fund.partner_fund_id AND first_one.place = 1
),
sum_listed AS (
    SELECT ic.partner_fund_id, sum(ic.amount) FILTER (WHERE ic.changed_on IS NULL) AS listed
    FROM investor_change_at(batch) AS ic
    GROUP BY ic.partner_fund_id
),
sum_theirs AS (
    SELECT
        fpi.partner_fund_id, fpi.guidance_fund_id, sum(fpi.amount) AS theirs
    FROM fund_paid_in_at(batch) AS fpi
    WHERE fpi.paid_on <= CAST(as_of AS DATE) AND fpi.amount IS NOT NULL
    GROUP BY fpi.partner_fund_id, fpi.guidance_fund_id
),
sum_own AS (
    SELECT s.*, count(*) OVER (PARTITION BY s.partner_fund_id, s.guidance_fund_id) = 1 AS alone
    FROM stake_held_at(as_of, batch) AS s
    WHERE s.up AND s.signed_on <= CAST(as_of AS DATE)
),
sum_moved AS (
    SELECT
        gf.guidance_fund_id, gf.occurred_on,
        CASE
            WHEN gf.kind IN ('received', 'interest', 'other') THEN gf.amount
            WHEN gf.kind IN ('fee', 'principal_remitted', 'income_remitted') THEN -abs(gf.amount)
        END AS moved
    FROM guidance_flow_at(batch) AS gf
    JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = gf.guidance_fund_id AND g.currency = gf.currency
    UNION ALL
    SELECT
        s.guidance_fund_id, flow.occurred_on,
        CASE
            WHEN flow.kind IN ('call', 'fee_outside') THEN -flow.amount
            WHEN flow.kind IN ('distribution', 'recallable', 'exit_proceeds') THEN flow.amount
        END
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS s ON s.participation_id = flow.participation_id AND s.currency = flow.currency
),
sum_balance AS (
    SELECT
        gf.guidance_fund_id, gf.occurred_on AS on_day, gf.amount AS declared, coalesce(sum(m.moved), 0) AS counted
    FROM guidance_flow_at(batch) AS gf
    JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = gf.guidance_fund_id AND g.currency = gf.currency
    LEFT JOIN sum_moved AS m ON m.guidance_fund_id = gf.guidance_fund_id AND m.occurred_on <= gf.occurred_on
    WHERE gf.kind = 'balance' AND gf.occurred_on <= CAST(as_of AS DATE)
    GROUP BY gf.guidance_fund_id, gf.occurred_on, gf.amount, gf.row_key
),
sum_series AS (
    SELECT
        j.partner_fund_id, j.period, j.one.field AS field, j.one.now AS now,
        lag(j.one.now) OVER (PARTITION BY j.partner_fund_id, j.one.field ORDER BY j.ends_on) AS before_it
    FROM (
        SELECT
            r.partner_fund_id, r.period, r.ends_on,
            unnest([
                {'field': 'committed', 'now': r.committed}, {'field': 'paid_in', 'now': r.paid_in},
                {'field': 'invested', 'now': r.invested}, {'field': 'net_assets', 'now': r.net_assets}
            ]) AS one
        FROM report_ended_at(as_of, batch) AS r
        WHERE r.firmest
    ) AS j
    WHERE j.one.now > 0
),
sum_sides AS (
    SELECT
        f.partner_fund_id AS entity, 'investors' AS occurrence, f.participation_id, f.guidance_fund_id, b.listed AS value, f.committed_size AS limit_value
    FROM sum_speaker AS f
    LEFT JOIN sum_listed AS b ON b.partner_fund_id = f.partner_fund_id
    WHERE f.up AND f.agreed_on IS NOT NULL AND f.committed_size IS NOT NULL
    UNION ALL
    SELECT
        flow.participation_id, concat('parts|', flow.kind, '|', flow.keyed_on, '|', coalesce(flow.line_no, '')), flow.participation_id,
        s.guidance_fund_id, flow.principal + flow.income, flow.amount
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS s ON s.participation_id = flow.participation_id
    WHERE flow.occurred_on <= CAST(as_of AS DATE) AND flow.amount IS NOT NULL AND flow.principal IS NOT NULL AND flow.income IS NOT NULL
    UNION ALL
    SELECT
        o.participation_id, 'books', o.participation_id, o.guidance_fund_id, o.paid,
        CASE WHEN told.partner_fund_id IS NOT NULL THEN coalesce(theirs.theirs, 0) END
    FROM sum_own AS o
    LEFT JOIN sum_theirs AS theirs ON theirs.partner_fund_id = o.partner_fund_id AND theirs.guidance_fund_id = o.guidance_fund_id
    LEFT JOIN (SELECT DISTINCT t.partner_fund_id FROM sum_theirs AS t) AS told ON told.partner_fund_id = o.partner_fund_id
    WHERE o.alone AND o.currency = o.fund_currency AND (o.paid > 0 OR theirs.theirs IS NOT NULL)
    UNION ALL
    SELECT
        b.guidance_fund_id, concat('balance|', b.on_day), NULL, b.guidance_fund_id, b.counted, b.declared
    FROM sum_balance AS b
    UNION ALL
    SELECT
        j.partner_fund_id, concat('jump|', j.field, '|', j.period), f.participation_id, f.guidance_fund_id, j.now, j.before_it
    FROM sum_series AS j
    JOIN sum_speaker AS f ON f.partner_fund_id = j.partner_fund_id
    WHERE j.now = j.before_it * 100 OR j.now * 100 = j.before_it OR j.now = j.before_it * 10000 OR j.now * 10000 = j.before_it
),
sum_raw AS (
    -- own: what the agreement says itself; sure: clear whatever binds; over: whether the limit is passed
    SELECT
        s.entity, s.occurrence, false AS own, l.bound_by, l.unset, false AS sure,
        abs(s.value - s.limit_value) > CAST(coalesce(l.limit_term, 0) AS DECIMAL(18, 2)) AS over,
        CAST(s.value AS DOUBLE) AS value, CAST(s.limit_value AS DOUBLE) AS limit_value, CAST(abs(s.value - s.limit_value) AS DECIMAL(38, 2)) AS amount
    FROM sum_sides AS s
    JOIN rule_limit_at(as_of, batch) AS l ON l.rule_id = 'SUM_MISMATCH' AND l.criterion = '' AND l.by_agreement
        AND l.participation_id IS NOT DISTINCT FROM s.participation_id AND l.guidance_fund_id IS NOT DISTINCT FROM s.guidance_fund_id
),
sum_judged AS (
    SELECT
        r.entity, r.occurrence, r.value, r.limit_value, r.amount, CASE WHEN r.own THEN 'agreement' ELSE r.bound_by END AS bound_by,
        rule_found(r.sure, r.own, r.bound_by, r.unset, r.over) AS found
    FROM sum_raw AS r
    WHERE r.own OR r.bound_by IS NOT NULL OR r.unset
)
SELECT
    'SUM_MISMATCH' AS rule_id, j.entity, j.occurrence,
    rule_status(j.found, j.bound_by) AS status,
    j.value, j.limit_value, CASE WHEN j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount, j.bound_by
FROM sum_judged AS j
ORDER BY j.entity, j.occurrence
