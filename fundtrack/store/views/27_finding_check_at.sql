-- macro finding_check_at(as_of, batch): 算术规则的独立复核：与 finding 所列逐行相同 / The arithmetic rules stated a second time in SQL, equal to what finding lists
-- finding_check_at.rule_id: 规则编码 / Rule
-- finding_check_at.entity: 对象编码 / Entity
-- finding_check_at.occurrence: 事项 / Occurrence
-- finding_check_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- finding_check_at.value: 数值 / Value
-- finding_check_at.limit_value: 界限 / Limit
-- finding_check_at.amount: 所涉金额 / Amount at stake
-- finding_check_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO finding_check_at(as_of, batch) AS TABLE
WITH check_paid AS MATERIALIZED (
    SELECT
        flow.participation_id,
        coalesce(sum(flow.amount) FILTER (WHERE flow.kind = 'call' AND flow.amount > 0), 0) AS paid,
        coalesce(sum(coalesce(flow.cost_basis, flow.principal))
            FILTER (WHERE flow.kind = 'exit_proceeds' OR flow.exit_kind IS NOT NULL), 0) AS sold_cost
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    WHERE flow.amount IS NOT NULL AND flow.occurred_on <= CAST(as_of AS DATE) AND flow.currency = stake.currency
    GROUP BY flow.participation_id
),
check_stake AS MATERIALIZED (
    SELECT
        stake.participation_id, stake.guidance_fund_id, stake.partner_fund_id, stake.commitment, stake.currency, stake.cap_ratio,
        stake.approved_on, stake.approved_amount, stake.dropped_on, stake.signed_on, stake.early_min, stake.early_base, stake.remit_days,
        stake.currency = fund.currency AS same_money, fund.committed_size, fund.paid_in AS fund_paid_in, fund.liquidated_on,
        coalesce(fund.status = '已注销', false) AS dissolved, fund.exited, entity.entity_id, entity.set_up_on,
        coalesce(entity.set_up_on <= CAST(as_of AS DATE), false) AS up,
        coalesce(check_paid.paid, 0) AS paid,
        coalesce(stake.signed_on <= CAST(as_of AS DATE), false) AND NOT coalesce(span.void_from <= CAST(as_of AS DATE), false)
            AND NOT (coalesce(check_paid.paid, 0) > 0 AND check_paid.sold_cost >= check_paid.paid) AS held
    FROM participation_at(batch) AS stake
    JOIN partner_fund_summary_at(as_of, batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = stake.partner_fund_id
    JOIN participation_span_at(batch) AS span ON span.participation_id = stake.participation_id
    LEFT JOIN check_paid ON check_paid.participation_id = stake.participation_id
),
check_limit AS MATERIALIZED (
    SELECT * FROM rule_limit_at(as_of, batch)
),
check_report AS MATERIALIZED (
    SELECT
        fr.partner_fund_id, fr.cash, fr.paid_in, fr.invested,
        row_number() OVER (PARTITION BY fr.partner_fund_id, fr.cash IS NOT NULL ORDER BY fr.period_end_on DESC, fr.firm DESC) AS cash_place,
        row_number() OVER (PARTITION BY fr.partner_fund_id, fr.invested IS NOT NULL ORDER BY fr.period_end_on DESC, fr.firm DESC) AS invested_place
    FROM (
        SELECT
            said.*,
            last_day(make_date(
                CAST(substr(said.period, 1, 4) AS INTEGER),
                CASE substr(said.period, 5, 1)
                    WHEN 'Q' THEN CAST(substr(said.period, 6, 1) AS INTEGER) * 3
                    WHEN 'H' THEN CAST(substr(said.period, 6, 1) AS INTEGER) * 6
                    ELSE 12
                END, 1)) AS period_end_on,
            CASE said.kind WHEN '季报' THEN 0 WHEN '半年报' THEN 1 WHEN '年报' THEN 2 ELSE 3 END AS firm
        FROM fund_report_at(batch) AS said
        JOIN partner_fund_at(batch) AS f ON f.partner_fund_id = said.partner_fund_id
        WHERE coalesce(said.currency, f.currency) = f.currency
    ) AS fr
    WHERE fr.period_end_on <= CAST(as_of AS DATE)
),
check_investor AS MATERIALIZED (
    SELECT ic.partner_fund_id, ic.investor, ic.guidance_fund_id, sum(ic.amount) AS holding
    FROM investor_commitment_at(batch) AS ic
    JOIN partner_fund_at(batch) AS f ON f.partner_fund_id = ic.partner_fund_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = ic.partner_fund_id
    WHERE coalesce(ic.currency, f.currency) = f.currency AND coalesce(ic.effective_on, entity.set_up_on) <= CAST(as_of AS DATE)
    GROUP BY ic.partner_fund_id, ic.investor, ic.guidance_fund_id
    HAVING sum(ic.amount) > 0
),
check_other AS (
    SELECT
        s.participation_id,
        max(i.holding) FILTER (WHERE i.guidance_fund_id IS DISTINCT FROM s.guidance_fund_id) AS other,
        sum(i.holding) AS listed
    FROM check_stake AS s JOIN check_investor AS i ON i.partner_fund_id = s.partner_fund_id
    GROUP BY s.participation_id
),
check_made AS MATERIALIZED (
    SELECT made.partner_fund_id, max(made.invested_on) AS last_on, sum(made.amount) AS listed
    FROM investment_at(batch) AS made
    WHERE made.invested_on <= CAST(as_of AS DATE)
    GROUP BY made.partner_fund_id
),
check_idle AS (
    SELECT flow.participation_id, min(flow.occurred_on) AS idle_on, sum(flow.amount) AS idle
    FROM cash_flow_at(batch) AS flow
    JOIN check_stake AS s ON s.participation_id = flow.participation_id
    LEFT JOIN check_made ON check_made.partner_fund_id = s.partner_fund_id
    WHERE flow.kind = 'call' AND flow.amount > 0 AND flow.occurred_on <= CAST(as_of AS DATE)
        AND (check_made.last_on IS NULL OR flow.occurred_on > check_made.last_on)
    GROUP BY flow.participation_id
),
check_fund AS (
    SELECT
        s.partner_fund_id,
        arg_min(s.participation_id, (coalesce(s.signed_on, s.approved_on, DATE '9999-12-31'), s.participation_id)) AS participation_id,
        bool_or(s.held) AS held
    FROM check_stake AS s
    GROUP BY s.partner_fund_id
),
check_sent AS MATERIALIZED (
    SELECT
        gf.guidance_fund_id, gf.currency, gf.occurred_on,
        sum(abs(gf.amount)) OVER (PARTITION BY gf.guidance_fund_id, gf.currency ORDER BY gf.occurred_on, gf.row_key) AS sent
    FROM guidance_flow_at(batch) AS gf
    WHERE gf.kind IN ('principal_remitted', 'income_remitted') AND gf.occurred_on <= CAST(as_of AS DATE)
),
check_receipt AS MATERIALIZED (
    SELECT
        flow.participation_id, flow.kind, flow.occurred_on, flow.line_no, flow.amount, flow.currency, s.guidance_fund_id, s.remit_days,
        sum(flow.amount) OVER (PARTITION BY s.guidance_fund_id, flow.currency ORDER BY flow.occurred_on, flow.row_key) AS received
    FROM cash_flow_at(batch) AS flow
    JOIN check_stake AS s ON s.participation_id = flow.participation_id
    WHERE flow.kind IN ('distribution', 'exit_proceeds') AND flow.amount > 0 AND flow.occurred_on <= CAST(as_of AS DATE)
),
check_matched AS (
    SELECT
        r.participation_id, r.kind, r.occurred_on, r.line_no, r.amount, r.remit_days, min(p.occurred_on) AS sent_on
    FROM check_receipt AS r
    LEFT JOIN check_sent AS p ON p.guidance_fund_id = r.guidance_fund_id AND p.currency = r.currency AND p.sent >= r.received
    GROUP BY r.participation_id, r.kind, r.occurred_on, r.line_no, r.amount, r.remit_days
),
check_remitted AS (
    SELECT
        m.*, date_diff('day', m.occurred_on, greatest(coalesce(m.sent_on, CAST(as_of AS DATE)), m.occurred_on)) AS days
    FROM check_matched AS m
),
check_raw AS MATERIALIZED (
    -- own: what the agreement says itself; over: whether the limit is passed; sure: clear whatever binds; always: the amount stands though nothing is found
    SELECT
        'OVER_CAP' AS rule_id, '' AS criterion, s.participation_id AS entity, 'committed' AS occurrence, s.participation_id,
        s.cap_ratio AS own, false AS sure, false AS agreed,
        s.commitment > coalesce(s.cap_ratio, l.limit_term) * whole.size AS over,
        CAST(s.commitment AS DOUBLE) / CAST(whole.size AS DOUBLE) AS value,
        CAST(coalesce(s.cap_ratio, l.limit_term) AS DOUBLE) AS limit_value,
        s.commitment - CAST(round(whole.size * coalesce(s.cap_ratio, l.limit_term), 2) AS DECIMAL(18, 2)) AS amount, false AS always
    FROM check_stake AS s
    LEFT JOIN check_limit AS l ON l.rule_id = 'OVER_CAP' AND l.participation_id = s.participation_id
    JOIN (SELECT c.participation_id, CASE WHEN c.same_money AND c.committed_size > 0 THEN c.committed_size END AS size FROM check_stake AS c) AS whole
        ON whole.participation_id = s.participation_id
    WHERE s.held AND s.up
    UNION ALL
    SELECT
        'OVER_CAP', '', s.participation_id, 'paid_in', s.participation_id, s.cap_ratio, false, false,
        s.paid > coalesce(s.cap_ratio, l.limit_term) * whole.size,
        CAST(s.paid AS DOUBLE) / CAST(whole.size AS DOUBLE),
        CAST(coalesce(s.cap_ratio, l.limit_term) AS DOUBLE),
        s.paid - CAST(round(whole.size * coalesce(s.cap_ratio, l.limit_term), 2) AS DECIMAL(18, 2)), false
    FROM check_stake AS s
    LEFT JOIN check_limit AS l ON l.rule_id = 'OVER_CAP' AND l.participation_id = s.participation_id
    JOIN (
        SELECT c.participation_id, CASE WHEN c.same_money AND c.fund_paid_in > 0 AND c.fund_paid_in >= c.paid THEN c.fund_paid_in END AS size
        FROM check_stake AS c
    ) AS whole ON whole.participation_id = s.participation_id
    WHERE s.held AND s.up AND s.paid > 0
    UNION ALL
    SELECT
        'LARGEST_LP', '', s.participation_id, '', s.participation_id, NULL, coalesce(s.commitment < o.other, false), false,
        CASE WHEN s.same_money AND o.listed >= s.committed_size AND s.commitment >= o.other THEN NOT coalesce(l.limit_term >= 1, false) END,
        CAST(s.commitment AS DOUBLE), CAST(o.other AS DOUBLE), s.commitment, false
    FROM check_stake AS s
    LEFT JOIN check_limit AS l ON l.rule_id = 'LARGEST_LP' AND l.participation_id = s.participation_id
    LEFT JOIN check_other AS o ON o.participation_id = s.participation_id
    WHERE s.held AND s.up
    UNION ALL
    SELECT
        'NOT_SETUP_1Y', '', s.participation_id, '', s.participation_id, NULL, s.up, false,
        date_diff('day', s.approved_on, CAST(as_of AS DATE)) >= l.limit_term,
        CASE WHEN NOT s.up THEN CAST(date_diff('day', s.approved_on, CAST(as_of AS DATE)) AS DOUBLE) END,
        CAST(l.limit_term AS DOUBLE), coalesce(s.commitment, s.approved_amount), true
    FROM check_stake AS s
    JOIN check_limit AS l ON l.rule_id = 'NOT_SETUP_1Y' AND l.participation_id = s.participation_id
    WHERE NOT coalesce(s.dropped_on <= CAST(as_of AS DATE), false) AND NOT coalesce(s.approved_on > CAST(as_of AS DATE), false)
    UNION ALL
    SELECT
        'IDLE_1Y', '', s.participation_id, '', s.participation_id, NULL, i.idle_on IS NULL, false,
        CASE
            WHEN NOT coalesce(r.invested > coalesce(m.listed, 0), false) OR date_diff('day', i.idle_on, CAST(as_of AS DATE)) < l.limit_term
                THEN date_diff('day', i.idle_on, CAST(as_of AS DATE)) >= l.limit_term
        END,
        CAST(date_diff('day', i.idle_on, CAST(as_of AS DATE)) AS DOUBLE), CAST(l.limit_term AS DOUBLE), i.idle, true
    FROM check_stake AS s
    JOIN check_limit AS l ON l.rule_id = 'IDLE_1Y' AND l.participation_id = s.participation_id
    LEFT JOIN check_idle AS i ON i.participation_id = s.participation_id
    LEFT JOIN check_made AS m ON m.partner_fund_id = s.partner_fund_id
    LEFT JOIN check_report AS r ON r.partner_fund_id = s.partner_fund_id AND r.invested IS NOT NULL AND r.invested_place = 1
    WHERE s.held AND s.paid > 0 AND s.liquidated_on IS NULL
    UNION ALL
    SELECT
        'IDLE_RATIO', '', f.partner_fund_id, '', f.participation_id, NULL, false, false,
        r.cash > l.limit_term * coalesce(r.paid_in, s.fund_paid_in),
        CAST(r.cash AS DOUBLE) / nullif(CAST(coalesce(r.paid_in, s.fund_paid_in) AS DOUBLE), 0), CAST(l.limit_term AS DOUBLE), r.cash, false
    FROM check_fund AS f
    JOIN check_stake AS s ON s.participation_id = f.participation_id
    JOIN check_limit AS l ON l.rule_id = 'IDLE_RATIO' AND l.participation_id = f.participation_id
    LEFT JOIN check_report AS r ON r.partner_fund_id = f.partner_fund_id AND r.cash IS NOT NULL AND r.cash_place = 1
    WHERE f.held AND s.up AND NOT s.dissolved AND NOT s.exited AND s.liquidated_on IS NULL AND s.fund_paid_in > 0
    UNION ALL
    SELECT
        'STALE_NAV', '', s.participation_id, '', s.participation_id, NULL, false, false,
        date_diff('day', p.nav_on, CAST(as_of AS DATE)) > l.limit_term,
        CAST(date_diff('day', p.nav_on, CAST(as_of AS DATE)) AS DOUBLE), CAST(l.limit_term AS DOUBLE), p.nav, true
    FROM check_stake AS s
    JOIN check_limit AS l ON l.rule_id = 'STALE_NAV' AND l.participation_id = s.participation_id
    JOIN participation_summary_at(as_of, batch) AS p ON p.participation_id = s.participation_id
    WHERE s.held AND s.paid > 0 AND NOT s.dissolved
    UNION ALL
    SELECT
        'LATE_CALL', '到期宽限', s.participation_id, concat('call|', coalesce(d.due_on, d.occurred_on), '|', coalesce(d.line_no, '')),
        s.participation_id, NULL, false, true,
        d.days > l.limit_term, CAST(greatest(d.days, 0) AS DOUBLE), CAST(l.limit_term AS DOUBLE),
        CASE WHEN d.short THEN d.due_amount - d.amount ELSE coalesce(d.due_amount, d.amount) END, false
    FROM (
        SELECT
            c.*,
            date_diff('day', c.due_on, CASE WHEN c.paid AND NOT c.short THEN c.occurred_on ELSE CAST(as_of AS DATE) END) AS days
        FROM (
            SELECT
                flow.participation_id, flow.due_on, flow.due_amount, flow.occurred_on, flow.amount, flow.line_no,
                coalesce(flow.occurred_on <= CAST(as_of AS DATE), false) AS paid,
                coalesce(flow.occurred_on <= CAST(as_of AS DATE), false) AND coalesce(flow.amount < flow.due_amount, false) AS short
            FROM cash_flow_at(batch) AS flow
            WHERE flow.kind = 'call' AND coalesce(flow.due_on, flow.occurred_on) <= CAST(as_of AS DATE)
        ) AS c
    ) AS d
    JOIN check_stake AS s ON s.participation_id = d.participation_id
    JOIN check_limit AS l ON l.rule_id = 'LATE_CALL' AND l.criterion = '到期宽限' AND l.participation_id = s.participation_id
    UNION ALL
    SELECT
        'REMIT_LATE', '', r.participation_id, concat(r.kind, '|', r.occurred_on, '|', coalesce(r.line_no, '')), r.participation_id, r.remit_days,
        false, false, r.days > coalesce(r.remit_days, l.limit_term), CAST(r.days AS DOUBLE),
        CAST(coalesce(r.remit_days, l.limit_term) AS DOUBLE), r.amount, true
    FROM check_remitted AS r
    LEFT JOIN check_limit AS l ON l.rule_id = 'REMIT_LATE' AND l.participation_id = r.participation_id
)
SELECT
    j.rule_id, j.entity, j.occurrence,
    CASE
        WHEN j.found IS NULL THEN 'incomplete'
        WHEN NOT j.found THEN 'clear'
        WHEN j.bound_by IN ('agreement', 'rule') THEN 'suspected'
        ELSE 'hint'
    END AS status,
    j.value, j.limit_value,
    CASE WHEN j.always OR j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount,
    j.bound_by
FROM (
    SELECT
        c.*,
        CASE
            WHEN c.own IS NOT NULL OR (c.agreed AND l.bound_by = 'rule') THEN 'agreement'
            ELSE l.bound_by
        END AS bound_by,
        CASE
            WHEN c.sure THEN false
            WHEN c.own IS NULL AND l.bound_by IS NULL THEN NULL
            WHEN c.own IS NULL AND l.unset AND l.bound_by = 'reference' AND NOT c.over THEN NULL
            ELSE c.over
        END AS found
    FROM check_raw AS c
    LEFT JOIN check_limit AS l ON l.rule_id = c.rule_id AND l.criterion = c.criterion AND l.participation_id = c.participation_id
    WHERE c.own IS NOT NULL OR l.bound_by IS NOT NULL OR l.unset
) AS j
ORDER BY j.rule_id, j.entity, j.occurrence
