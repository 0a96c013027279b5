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
        CASE WHEN stake.currency = fund.currency AND fund.committed_size > 0 THEN fund.committed_size END AS size_committed,
        CASE
            WHEN stake.currency = fund.currency AND fund.paid_in > 0 AND fund.paid_in >= coalesce(check_paid.paid, 0) THEN fund.paid_in
        END AS size_paid_in,
        coalesce(stake.signed_on <= CAST(as_of AS DATE), false) AND NOT coalesce(span.void_from <= CAST(as_of AS DATE), false)
            AND NOT (coalesce(check_paid.paid, 0) > 0 AND check_paid.sold_cost >= check_paid.paid) AS held
    FROM participation_at(batch) AS stake
    JOIN partner_fund_summary_at(as_of, batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = stake.partner_fund_id
    JOIN participation_span_at(batch) AS span ON span.participation_id = stake.participation_id
    LEFT JOIN check_paid ON check_paid.participation_id = stake.participation_id
),
check_limit AS MATERIALIZED (
    SELECT * FROM rule_limit_at(as_of, batch) WHERE by_agreement AND participation_id IS NOT NULL
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
    FROM participation_at(batch) AS s JOIN check_investor AS i ON i.partner_fund_id = s.partner_fund_id
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
    JOIN participation_at(batch) AS s ON s.participation_id = flow.participation_id
    LEFT JOIN check_made ON check_made.partner_fund_id = s.partner_fund_id
    WHERE flow.kind = 'call' AND flow.amount > 0 AND flow.occurred_on <= CAST(as_of AS DATE)
        AND (check_made.last_on IS NULL OR flow.occurred_on > check_made.last_on)
    GROUP BY flow.participation_id
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
    JOIN participation_at(batch) AS s ON s.participation_id = flow.participation_id
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
check_wide AS (
    -- once a participation: 1.1.3 reads a text again at each place that names it, and takes ever longer to plan
    SELECT
        s.*, o.other, o.listed AS investors_listed, i.idle_on, i.idle, m.listed AS made_listed, told.invested, r.cash,
        coalesce(r.paid_in, s.fund_paid_in) AS cash_base, p.participation_id IS NOT NULL AS valued, p.nav_on, p.nav,
        cap.limit_term AS cap_limit, lp.limit_term AS lp_limit, setup.limit_term AS setup_limit, idling.limit_term AS idle_limit,
        cashing.limit_term AS cash_limit, staling.limit_term AS stale_limit,
        bool_or(s.held) OVER (PARTITION BY s.partner_fund_id) AS fund_held,
        row_number() OVER (
            PARTITION BY s.partner_fund_id ORDER BY coalesce(s.signed_on, s.approved_on, DATE '9999-12-31'), s.participation_id
        ) = 1 AS speaks
    FROM check_stake AS s
    LEFT JOIN check_other AS o ON o.participation_id = s.participation_id
    LEFT JOIN check_idle AS i ON i.participation_id = s.participation_id
    LEFT JOIN check_made AS m ON m.partner_fund_id = s.partner_fund_id
    LEFT JOIN check_report AS told ON told.partner_fund_id = s.partner_fund_id AND told.invested IS NOT NULL AND told.invested_place = 1
    LEFT JOIN check_report AS r ON r.partner_fund_id = s.partner_fund_id AND r.cash IS NOT NULL AND r.cash_place = 1
    LEFT JOIN participation_summary_at(as_of, batch) AS p ON p.participation_id = s.participation_id
    LEFT JOIN check_limit AS cap ON cap.rule_id = 'OVER_CAP' AND cap.participation_id = s.participation_id
    LEFT JOIN check_limit AS lp ON lp.rule_id = 'LARGEST_LP' AND lp.participation_id = s.participation_id
    LEFT JOIN check_limit AS setup ON setup.rule_id = 'NOT_SETUP_1Y' AND setup.participation_id = s.participation_id
    LEFT JOIN check_limit AS idling ON idling.rule_id = 'IDLE_1Y' AND idling.participation_id = s.participation_id
    LEFT JOIN check_limit AS cashing ON cashing.rule_id = 'IDLE_RATIO' AND cashing.participation_id = s.participation_id
    LEFT JOIN check_limit AS staling ON staling.rule_id = 'STALE_NAV' AND staling.participation_id = s.participation_id
),
check_each AS (
    -- sure: clear whatever binds; over: whether the limit is passed; always: the amount stands though nothing is found; examined: the rule applies
    SELECT unnest([
        {
            'rule_id': 'OVER_CAP', 'entity': s.participation_id, 'occurrence': 'committed', 'participation_id': s.participation_id,
            'own': CAST(s.cap_ratio AS DECIMAL(18, 8)), 'sure': false,
            'over': s.commitment > coalesce(s.cap_ratio, s.cap_limit) * CAST(s.size_committed AS DECIMAL(38, 2)),
            'value': CAST(s.commitment AS DOUBLE) / CAST(s.size_committed AS DOUBLE),
            'limit_value': CAST(coalesce(s.cap_ratio, s.cap_limit) AS DOUBLE),
            'amount': s.commitment - CAST(round(CAST(s.size_committed AS DECIMAL(38, 2)) * coalesce(s.cap_ratio, s.cap_limit), 2) AS DECIMAL(18, 2)),
            'always': false, 'examined': s.held AND s.up
        },
        {
            'rule_id': 'OVER_CAP', 'entity': s.participation_id, 'occurrence': 'paid_in', 'participation_id': s.participation_id,
            'own': CAST(s.cap_ratio AS DECIMAL(18, 8)), 'sure': false,
            'over': s.paid > coalesce(s.cap_ratio, s.cap_limit) * CAST(s.size_paid_in AS DECIMAL(38, 2)),
            'value': CAST(s.paid AS DOUBLE) / CAST(s.size_paid_in AS DOUBLE),
            'limit_value': CAST(coalesce(s.cap_ratio, s.cap_limit) AS DOUBLE),
            'amount': s.paid - CAST(round(CAST(s.size_paid_in AS DECIMAL(38, 2)) * coalesce(s.cap_ratio, s.cap_limit), 2) AS DECIMAL(18, 2)),
            'always': false, 'examined': s.held AND s.up AND s.paid > 0
        },
        {
            'rule_id': 'LARGEST_LP', 'entity': s.participation_id, 'occurrence': '', 'participation_id': s.participation_id,
            'own': CAST(NULL AS DECIMAL(18, 8)), 'sure': coalesce(s.commitment < s.other, false),
            'over': CASE
                WHEN s.same_money AND s.investors_listed >= s.committed_size AND s.commitment >= s.other
                    THEN NOT coalesce(s.lp_limit >= 1, false)
            END,
            'value': CAST(s.commitment AS DOUBLE), 'limit_value': CAST(s.other AS DOUBLE), 'amount': s.commitment,
            'always': false, 'examined': s.held AND s.up
        },
        {
            'rule_id': 'NOT_SETUP_1Y', 'entity': s.participation_id, 'occurrence': '', 'participation_id': s.participation_id,
            'own': CAST(NULL AS DECIMAL(18, 8)), 'sure': s.up,
            'over': date_diff('day', s.approved_on, CAST(as_of AS DATE)) >= s.setup_limit,
            'value': CASE WHEN NOT s.up THEN CAST(date_diff('day', s.approved_on, CAST(as_of AS DATE)) AS DOUBLE) END,
            'limit_value': CAST(s.setup_limit AS DOUBLE), 'amount': coalesce(s.commitment, s.approved_amount), 'always': true,
            'examined': NOT coalesce(s.dropped_on <= CAST(as_of AS DATE), false) AND NOT coalesce(s.approved_on > CAST(as_of AS DATE), false)
        },
        {
            'rule_id': 'IDLE_1Y', 'entity': s.participation_id, 'occurrence': '', 'participation_id': s.participation_id,
            'own': CAST(NULL AS DECIMAL(18, 8)), 'sure': s.idle_on IS NULL,
            'over': CASE
                WHEN NOT coalesce(s.invested > coalesce(s.made_listed, 0), false)
                    OR date_diff('day', s.idle_on, CAST(as_of AS DATE)) < s.idle_limit
                    THEN date_diff('day', s.idle_on, CAST(as_of AS DATE)) >= s.idle_limit
            END,
            'value': CAST(date_diff('day', s.idle_on, CAST(as_of AS DATE)) AS DOUBLE), 'limit_value': CAST(s.idle_limit AS DOUBLE),
            'amount': s.idle, 'always': true, 'examined': s.held AND s.paid > 0 AND s.liquidated_on IS NULL
        },
        {
            'rule_id': 'IDLE_RATIO', 'entity': s.partner_fund_id, 'occurrence': '', 'participation_id': s.participation_id,
            'own': CAST(NULL AS DECIMAL(18, 8)), 'sure': false, 'over': s.cash > s.cash_limit * CAST(s.cash_base AS DECIMAL(38, 2)),
            'value': CAST(s.cash AS DOUBLE) / nullif(CAST(s.cash_base AS DOUBLE), 0), 'limit_value': CAST(s.cash_limit AS DOUBLE),
            'amount': s.cash, 'always': false,
            'examined': s.speaks AND s.fund_held AND s.up AND NOT s.dissolved AND NOT s.exited AND s.liquidated_on IS NULL AND s.fund_paid_in > 0
        },
        {
            'rule_id': 'STALE_NAV', 'entity': s.participation_id, 'occurrence': '', 'participation_id': s.participation_id,
            'own': CAST(NULL AS DECIMAL(18, 8)), 'sure': false,
            'over': date_diff('day', s.nav_on, CAST(as_of AS DATE)) > s.stale_limit,
            'value': CAST(date_diff('day', s.nav_on, CAST(as_of AS DATE)) AS DOUBLE), 'limit_value': CAST(s.stale_limit AS DOUBLE),
            'amount': s.nav, 'always': true, 'examined': s.held AND s.paid > 0 AND NOT s.dissolved AND s.valued
        }
    ]) AS one
    FROM check_wide AS s
),
check_raw AS (
    -- own: what the agreement says itself
    SELECT
        e.one.rule_id AS rule_id, '' AS criterion, e.one.entity AS entity, e.one.occurrence AS occurrence,
        e.one.participation_id AS participation_id, e.one.own AS own, e.one.sure AS sure, false AS agreed, e.one.over AS over,
        e.one.value AS value, e.one.limit_value AS limit_value, e.one.amount AS amount, e.one.always AS always
    FROM check_each AS e
    WHERE e.one.examined
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
    JOIN participation_at(batch) AS s ON s.participation_id = d.participation_id
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
    rule_status(j.found, j.bound_by) AS status,
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
        rule_found(c.sure, c.own IS NOT NULL, l.bound_by, l.unset, c.over) AS found
    FROM check_raw AS c
    LEFT JOIN check_limit AS l ON l.rule_id = c.rule_id AND l.criterion = c.criterion AND l.participation_id = c.participation_id
    WHERE c.own IS NOT NULL OR l.bound_by IS NOT NULL OR l.unset
) AS j
ORDER BY j.rule_id, j.entity, j.occurrence
