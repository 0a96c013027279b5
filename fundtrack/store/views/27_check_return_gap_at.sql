-- macro check_return_gap_at(as_of, batch): 规则 RETURN_GAP 的独立复核：返投未达约定，与 finding 所列逐行相同 / Rule RETURN_GAP stated a second time in SQL: Reinvestment below what was agreed; equal to what finding lists
-- check_return_gap_at.rule_id: 规则编码 / Rule
-- check_return_gap_at.entity: 对象编码 / Entity
-- check_return_gap_at.occurrence: 事项 / Occurrence
-- check_return_gap_at.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_return_gap_at.value: 数值 / Value
-- check_return_gap_at.limit_value: 界限 / Limit
-- check_return_gap_at.amount: 所涉金额 / Amount at stake
-- check_return_gap_at.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE MACRO check_return_gap_at(as_of, batch) AS TABLE
WITH gap_claim AS (
    SELECT
        said.participation_id, said.recognised_on, said.recognised AS claimed,
        CASE WHEN made.currency = stake.currency THEN made.amount END AS most,
        coalesce(sum(CASE WHEN made.currency = stake.currency THEN said.recognised ELSE 0 END) OVER (
            PARTITION BY said.investment_id
            ORDER BY said.recognised_on, said.participation_id, said.company_id, said.investment_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS before_it
    FROM reinvestment_at(batch) AS said
    JOIN participation_at(batch) AS stake ON stake.participation_id = said.participation_id
    LEFT JOIN investment_at(batch) AS made ON made.investment_id = said.investment_id
    WHERE said.recognised_on <= CAST(as_of AS DATE)
),
gap_subject AS (
    SELECT
        s.participation_id, s.partner_fund_id, s.commitment, s.currency = s.fund_currency AS same_money, terms.reinvest_required, l.bound_by, l.unset,
        terms.reinvest_due <= CAST(as_of AS DATE) AS due, least(coalesce(terms.reinvest_due, CAST(as_of AS DATE)), CAST(as_of AS DATE)) AS until_day,
        coalesce(CAST(terms.reinvest_required AS DECIMAL(18, 8)), l.limit_term) AS factor,
        CASE WHEN terms.reinvest_required IS NOT NULL THEN terms.reinvest_kind ELSE '倍数' END AS by_kind,
        CASE WHEN terms.reinvest_required IS NOT NULL THEN terms.reinvest_base ELSE l.rule_base END AS by_base
    FROM stake_held_at(as_of, batch) AS s
    JOIN participation_at(batch) AS terms ON terms.participation_id = s.participation_id
    LEFT JOIN rule_limit_at(as_of, batch) AS l
        ON l.rule_id = 'RETURN_GAP' AND l.criterion = '' AND l.by_agreement AND l.participation_id = s.participation_id
    WHERE s.signed_on <= CAST(as_of AS DATE) AND NOT s.void
),
gap_sides AS (
    SELECT
        u.*,
        coalesce((
            SELECT sum(CASE WHEN c.most IS NULL THEN c.claimed ELSE least(c.claimed, greatest(c.most - c.before_it, 0)) END)
            FROM gap_claim AS c
            WHERE c.participation_id = u.participation_id AND c.recognised_on <= u.until_day
        ), 0) AS recognised,
        CASE
            WHEN u.by_kind = '倍数' AND u.by_base = '认缴' THEN u.commitment
            WHEN u.by_kind = '倍数' AND u.by_base = '实缴' THEN coalesce((
                SELECT sum(flow.amount)
                FROM cash_flow_at(batch) AS flow
                WHERE flow.participation_id = u.participation_id AND flow.kind IN ('call', 'fee_outside') AND flow.occurred_on <= u.until_day
            ), 0)
            WHEN u.by_kind = '占基金规模' AND u.same_money THEN (
                SELECT any_value(opening.opening_size)
                FROM fund_opening_at(batch) AS opening
                WHERE opening.partner_fund_id = u.partner_fund_id AND opening.set_up_on <= u.until_day
            ) + coalesce((
                SELECT sum(ic.amount)
                FROM investor_change_at(batch) AS ic
                WHERE ic.partner_fund_id = u.partner_fund_id AND ic.changed_on <= u.until_day
            ), 0)
            WHEN u.by_kind = '占已投金额' AND u.same_money THEN coalesce((
                SELECT CASE WHEN count(*) = count(made.amount) THEN sum(made.amount) END
                FROM investment_at(batch) AS made
                WHERE made.partner_fund_id = u.partner_fund_id AND made.invested_on <= u.until_day
            ), 0)
        END AS whole
    FROM gap_subject AS u
),
gap_required AS (
    SELECT
        g.*, CAST(round(CAST(g.whole AS DECIMAL(38, 2)) * g.factor, 2) AS DECIMAL(18, 2)) AS required
    FROM gap_sides AS g
),
gap_raw AS (
    -- own: what the agreement says itself; sure: clear whatever binds; over: whether the limit is passed
    SELECT
        g.participation_id AS entity, '' AS occurrence, g.reinvest_required IS NOT NULL AS own, g.bound_by, g.unset,
        coalesce(NOT g.due AND g.required IS NOT NULL, false) AS sure, CASE WHEN g.due THEN g.recognised < g.required END AS over,
        CAST(g.recognised AS DOUBLE) AS value, CAST(g.required AS DOUBLE) AS limit_value, CAST(g.required - g.recognised AS DECIMAL(38, 2)) AS amount
    FROM gap_required AS g
),
gap_judged AS (
    SELECT
        r.entity, r.occurrence, r.value, r.limit_value, r.amount, CASE WHEN r.own THEN 'agreement' ELSE r.bound_by END AS bound_by,
        rule_found(r.sure, r.own, r.bound_by, r.unset, r.over) AS found
    FROM gap_raw AS r
    WHERE r.own OR r.bound_by IS NOT NULL OR r.unset
)
SELECT
    'RETURN_GAP' AS rule_id, j.entity, j.occurrence,
    rule_status(j.found, j.bound_by) AS status,
    j.value, j.limit_value, CASE WHEN j.found THEN CAST(j.amount AS DECIMAL(18, 2)) END AS amount, j.bound_by
FROM gap_judged AS j
ORDER BY j.entity, j.occurrence
