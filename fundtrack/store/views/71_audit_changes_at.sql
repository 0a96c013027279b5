-- macro audit_changes_at(as_of, batch := 'Z'): 审计变更：入库以后谁在何时把哪个格子由何值改为何值，使目标数增减多少 / Every value changed after it was first loaded: by whom, when, in which cell, and by how much it moved a target
-- audit_changes_at.edition: 数据版本 / Edition
-- audit_changes_at.batch_id: 入库批次 / Batch
-- audit_changes_at.changed_at: 变更时间（UTC） / Changed at (UTC)
-- audit_changes_at.changed_by: 入库人 / Changed by
-- audit_changes_at.approved_by: 复核人 / Approved by
-- audit_changes_at.table_name: 表名 / Table
-- audit_changes_at.row_key: 行键 / Row key
-- audit_changes_at.field: 字段 / Field
-- audit_changes_at.old_value: 原值，空为此前无值或无此行 / Old value, empty where there was none
-- audit_changes_at.new_value: 新值，空为清空或删除 / New value, empty where cleared or deleted
-- audit_changes_at.reason: 事由 / Reason
-- audit_changes_at.event_on: 业务日期：该行所载日期 / Day of the event that the row tells of
-- audit_changes_at.target_code: 所影响的目标，空为不影响 / Target that it moved, empty where none
-- audit_changes_at.target_effect: 目标增减：该批次之后与之前完成值之差，截至该日，以该目标的单位计 / How much the target's actual as of that day differs after the batch from before it, in the target's own unit
-- audit_changes_at.file: 文件 / File
-- audit_changes_at.sheet: 工作表 / Sheet
-- audit_changes_at.cell: 单元格，空为非表格录入 / Cell, empty where no spreadsheet was read
-- audit_changes_at.batch_kind: 批次类别 / Kind of batch
-- read by: audit_changes, auditors
-- A row that appears after its table was first filled counts as a change in those fields that can move a target; the first filling itself is none.
-- What a batch moves is worked out per fund, per house and per indicator: its value with all rows as they stood after the batch, less the same before.
-- It is shown once, at the field that moved it (the agreement's date, else the establishment, else the end, else the size); investors' changes each for
-- themselves. Which rows are one fund, and which firms one house, is taken as known newest.
CREATE OR REPLACE MACRO audit_changes_at(as_of, batch := 'Z') AS TABLE
WITH chg_cell AS (
    SELECT c.*, split_part(c.row_key, '|', 1) AS first_key
    FROM field_change_at(batch) AS c
    WHERE c.old_value IS DISTINCT FROM c.new_value
        AND (c.earlier_batch IS NOT NULL OR c.table_name || '.' || c.field IN (
            'partner_fund.established_on', 'partner_fund.committed_size', 'participation.signed_on', 'participation.dropped_on',
            'investor_commitment.amount', 'guidance_flow.amount', 'indicator.value'
        ))
),
chg_row AS (
    -- every version of the rows that make a fund count and give it its size
    SELECT
        'partner_fund' AS table_name, f.row_key, f.row_key AS partner_fund_id, f.op, f.batch_id, f.established_on, f.committed_size,
        f.currency, NULL::DATE AS signed_on, NULL::DATE AS dropped_on, NULL::VARCHAR AS guidance_fund_id, NULL::VARCHAR AS reason,
        NULL::DATE AS effective_on, NULL::DECIMAL(18, 2) AS amount
    FROM partner_fund_log AS f
    WHERE f.batch_id <= batch
    UNION ALL
    SELECT
        'participation', p.row_key, coalesce(p.partner_fund_id, max(p.partner_fund_id) OVER (PARTITION BY p.row_key)), p.op, p.batch_id,
        NULL, NULL, NULL, p.signed_on, p.dropped_on,
        coalesce(p.guidance_fund_id, max(p.guidance_fund_id) OVER (PARTITION BY p.row_key)), NULL, NULL, NULL
    FROM participation_log AS p
    WHERE p.batch_id <= batch
    UNION ALL
    SELECT
        'investor_commitment', i.row_key, split_part(i.row_key, '|', 1), i.op, i.batch_id, NULL, NULL, i.currency, NULL, NULL, NULL,
        i.reason, i.effective_on, i.amount
    FROM investor_commitment_log AS i
    WHERE i.batch_id <= batch
),
chg_money AS (
    -- the currency in which the plan of the day counts each target of money
    SELECT
        coalesce(max(t.currency) FILTER (WHERE t.code = 'fund_scale' AND t.place = 1), 'CNY') AS scale_in,
        coalesce(max(t.currency) FILTER (WHERE t.code = 'cross_border' AND t.place = 1), 'USD') AS border_in
    FROM (
        SELECT
            plan.code, plan.currency,
            row_number() OVER (
                PARTITION BY plan.code
                ORDER BY CAST(as_of AS DATE) BETWEEN plan.starts_on AND plan.due_on DESC, plan.starts_on DESC, plan.due_on DESC
            ) AS place
        FROM target_at(batch) AS plan
        WHERE plan.starts_on <= CAST(as_of AS DATE)
    ) AS t
),
chg_paid AS (
    SELECT flow.participation_id, min(flow.occurred_on) AS paid_on
    FROM cash_flow_at(batch) AS flow
    WHERE flow.kind IN ('call', 'fee_outside') AND flow.amount > 0
    GROUP BY flow.participation_id
),
chg_version AS (
    SELECT
        r.*, coalesce(entity.entity_id, r.partner_fund_id) AS entity_id,
        r.op = 'put' AS stands,
        lead(r.batch_id) OVER (PARTITION BY r.table_name, r.row_key ORDER BY r.batch_id) AS until_batch,
        coalesce(
            r.op = 'put' AND g.kind IN ('venture', 'angel') AND r.signed_on <= CAST(as_of AS DATE)
            AND NOT coalesce(r.dropped_on <= CAST(as_of AS DATE) AND coalesce(paid.paid_on > r.dropped_on, true), false), false
        ) AS counts
    FROM chg_row AS r
    LEFT JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = r.partner_fund_id
    LEFT JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = r.guidance_fund_id
    LEFT JOIN chg_paid AS paid ON r.table_name = 'participation' AND paid.participation_id = r.row_key
),
chg_state AS (
    SELECT
        e.entity_id, e.batch_id, min(v.established_on) FILTER (WHERE v.stands) AS set_up_on,
        arg_min(v.committed_size, v.partner_fund_id) FILTER (WHERE v.stands AND v.table_name = 'partner_fund' AND v.committed_size IS NOT NULL) AS committed_size,
        arg_min(v.partner_fund_id, (v.committed_size IS NULL, v.partner_fund_id)) FILTER (WHERE v.stands AND v.table_name = 'partner_fund') AS partner_fund_id,
        arg_min(v.currency, (v.committed_size IS NULL, v.partner_fund_id)) FILTER (WHERE v.stands AND v.table_name = 'partner_fund') AS currency,
        coalesce(bool_or(v.counts), false) AND coalesce(bool_or(v.stands AND v.established_on <= CAST(as_of AS DATE)), false) AS counted
    FROM (SELECT DISTINCT entity_id, batch_id FROM chg_version) AS e
    JOIN chg_version AS v
        ON v.entity_id = e.entity_id AND v.batch_id <= e.batch_id AND coalesce(v.until_batch > e.batch_id, true)
    GROUP BY e.entity_id, e.batch_id
),
chg_line AS (
    -- what each row adds to the size of a fund that counts, after every batch that touched the fund
    SELECT
        s.entity_id, s.batch_id, v.table_name, v.row_key, v.batch_id = s.batch_id AS touched, s.counted, s.counted_before,
        CASE
            WHEN NOT s.counted OR NOT v.stands OR s.currency IS DISTINCT FROM chg_money.scale_in OR v.partner_fund_id <> s.partner_fund_id THEN 0
            WHEN v.table_name = 'partner_fund' THEN coalesce(v.committed_size, 0)
            WHEN coalesce(v.currency, s.currency) <> s.currency THEN 0
            WHEN v.reason IS DISTINCT FROM 'initial' AND v.effective_on > s.set_up_on
                THEN CASE WHEN v.effective_on <= CAST(as_of AS DATE) THEN v.amount ELSE 0 END
            WHEN s.committed_size IS NULL THEN v.amount
            ELSE 0
        END AS share
    FROM (
        SELECT *, coalesce(lag(counted) OVER (PARTITION BY entity_id ORDER BY batch_id), false) AS counted_before FROM chg_state
    ) AS s
    JOIN chg_version AS v
        ON v.entity_id = s.entity_id AND v.batch_id <= s.batch_id AND coalesce(v.until_batch > s.batch_id, true)
    CROSS JOIN chg_money
),
chg_step AS (
    SELECT *, share - coalesce(lag(share) OVER (PARTITION BY table_name, row_key ORDER BY batch_id), 0) AS step FROM chg_line
),
chg_moved AS (
    SELECT
        entity_id, batch_id, table_name, row_key, touched, step, counted <> counted_before AS flipped,
        CAST(counted AS INTEGER) - CAST(counted_before AS INTEGER) AS funds,
        sum(step) OVER (PARTITION BY entity_id, batch_id) AS whole,
        coalesce(sum(step) FILTER (WHERE touched AND table_name = 'investor_commitment') OVER (PARTITION BY entity_id, batch_id), 0) AS by_investors
    FROM chg_step
),
chg_house_row AS (
    -- the house at signing, as known newest
    SELECT p.row_key, p.batch_id, p.op, p.signed_on, coalesce(g.kind IN ('venture', 'angel'), false) AS programme,
        max(fm.house) OVER (PARTITION BY p.row_key) AS house,
        lead(p.batch_id) OVER (PARTITION BY p.row_key ORDER BY p.batch_id) AS until_batch
    FROM participation_log AS p
    LEFT JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = p.guidance_fund_id
    LEFT JOIN fund_manager_at(batch) AS fm ON fm.partner_fund_id = p.partner_fund_id AND p.signed_on IS NOT NULL
        AND coalesce(fm.from_on <= p.signed_on, true) AND coalesce(p.signed_on < fm.until_on, true)
    WHERE p.batch_id <= batch
),
chg_plan AS (
    SELECT t.starts_on, least(t.due_on, CAST(as_of AS DATE)) AS last_on
    FROM target_at(batch) AS t
    WHERE t.code = 'new_managers' AND t.starts_on <= CAST(as_of AS DATE)
    ORDER BY CAST(as_of AS DATE) BETWEEN t.starts_on AND t.due_on DESC, t.starts_on DESC, t.due_on DESC
    LIMIT 1
),
chg_house_move AS (
    SELECT batch_id, house, row_key, inside - coalesce(lag(inside) OVER (PARTITION BY house ORDER BY batch_id), 0) AS step
    FROM (
        SELECT
            e.house, e.batch_id, min(s.row_key) FILTER (WHERE s.batch_id = e.batch_id) AS row_key,
            coalesce(CAST(
                min(s.signed_on) FILTER (WHERE s.programme AND s.op = 'put') BETWEEN any_value(plan.starts_on) AND any_value(plan.last_on)
                AS INTEGER), 0) AS inside
        FROM (SELECT DISTINCT house, batch_id FROM chg_house_row WHERE house IS NOT NULL) AS e
        JOIN chg_house_row AS s ON s.house = e.house AND s.batch_id <= e.batch_id AND coalesce(s.until_batch > e.batch_id, true)
        CROSS JOIN chg_plan AS plan
        GROUP BY e.house, e.batch_id
    ) AS chg_house
),
chg_border_move AS (
    SELECT row_key, batch_id, share - coalesce(lag(share) OVER (PARTITION BY row_key ORDER BY batch_id), 0) AS step
    FROM (
        SELECT
            gf.row_key, gf.batch_id,
            CASE
                WHEN gf.op = 'put' AND gf.kind = 'committed' AND gf.currency = chg_money.border_in AND g.kind = 'cross_border'
                    AND gf.occurred_on <= CAST(as_of AS DATE) AND g.established_on <= CAST(as_of AS DATE) THEN gf.amount
                ELSE 0
            END AS share
        FROM guidance_flow_log AS gf
        LEFT JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = split_part(gf.row_key, '|', 1)
        CROSS JOIN chg_money
        WHERE gf.batch_id <= batch
    ) AS chg_border
),
chg_told_row AS (
    SELECT
        i.row_key, i.batch_id, i.op, split_part(i.row_key, '|', 1) AS code, i.measured_on, i.value,
        lead(i.batch_id) OVER (PARTITION BY i.row_key ORDER BY i.batch_id) AS until_batch
    FROM indicator_log AS i
    WHERE i.batch_id <= batch
),
chg_told_move AS (
    SELECT code, batch_id, row_key, told - coalesce(lag(told) OVER (PARTITION BY code ORDER BY batch_id), 0) AS step
    FROM (
        SELECT e.code, e.batch_id, max(t.row_key) FILTER (WHERE t.batch_id = e.batch_id) AS row_key,
            arg_max(t.value, t.measured_on) FILTER (WHERE t.op = 'put' AND t.measured_on <= CAST(as_of AS DATE)) AS told
        FROM (SELECT DISTINCT code, batch_id FROM chg_told_row) AS e
        JOIN chg_told_row AS t ON t.code = e.code AND t.batch_id <= e.batch_id AND coalesce(t.until_batch > e.batch_id, true)
        GROUP BY e.code, e.batch_id
    ) AS chg_told
),
chg_placed AS (
    SELECT
        c.*, m.flipped, m.funds, m.whole, m.by_investors, m.step,
        -- of a fund's changes in one batch: which field moved its counting, which its size; of a row's: which its own amount
        row_number() OVER (PARTITION BY c.batch_id, m.entity_id ORDER BY coalesce(list_position(
            ['participation.signed_on', 'partner_fund.established_on', 'participation.dropped_on', 'participation.guidance_fund_id',
             'partner_fund.committed_size', 'partner_fund.currency'], c.table_name || '.' || c.field), 99), c.row_key, c.field) AS place,
        row_number() OVER (PARTITION BY c.batch_id, m.entity_id ORDER BY coalesce(list_position(
            ['partner_fund.committed_size', 'partner_fund.currency', 'partner_fund.established_on', 'participation.signed_on'],
            c.table_name || '.' || c.field), 99), c.row_key, c.field) AS size_place,
        row_number() OVER (PARTITION BY c.batch_id, c.table_name, c.row_key
            ORDER BY coalesce(list_position(['amount', 'value', 'signed_on', 'effective_on', 'reason'], c.field), 99), c.field) AS row_place
    FROM chg_cell AS c
    LEFT JOIN chg_moved AS m ON m.batch_id = c.batch_id AND m.table_name = c.table_name AND m.row_key = c.row_key
),
chg_target AS (
    SELECT
        p.batch_id, p.table_name, p.row_key, p.field,
        unnest(['partner_funds', 'fund_scale', 'new_managers', 'cross_border', p.first_key]) AS code,
        unnest([
            CASE WHEN p.flipped AND p.place = 1 THEN CAST(p.funds AS DECIMAL(18, 2)) END,
            CASE
                WHEN p.flipped THEN CASE WHEN p.place = 1 THEN CAST(p.whole AS DECIMAL(18, 2)) END
                ELSE CAST(
                    CASE WHEN p.table_name = 'investor_commitment' AND p.row_place = 1 THEN p.step ELSE 0 END
                    + CASE WHEN p.size_place = 1 THEN p.whole - p.by_investors ELSE 0 END AS DECIMAL(18, 2))
            END,
            CASE WHEN p.row_place = 1 THEN CAST(h.step AS DECIMAL(18, 2)) END,
            CASE WHEN p.row_place = 1 THEN CAST(b.step AS DECIMAL(18, 2)) END,
            CASE WHEN p.row_place = 1 THEN CAST(t.step AS DECIMAL(18, 2)) END
        ]) AS effect
    FROM chg_placed AS p
    LEFT JOIN chg_house_move AS h ON p.table_name = 'participation' AND h.batch_id = p.batch_id AND h.row_key = p.row_key
    LEFT JOIN chg_border_move AS b ON p.table_name = 'guidance_flow' AND b.batch_id = p.batch_id AND b.row_key = p.row_key
    LEFT JOIN chg_told_move AS t ON p.table_name = 'indicator' AND t.batch_id = p.batch_id AND t.row_key = p.row_key
)
SELECT
    b.edition, c.batch_id, b.loaded_at AS changed_at, b.loaded_by AS changed_by, b.reviewer AS approved_by,
    c.table_name, c.row_key, c.field, c.old_value, c.new_value, b.reason, c.event_on,
    x.code AS target_code, coalesce(x.effect, CAST(0 AS DECIMAL(18, 2))) AS target_effect,
    b.file_name AS file, c.sheet,
    place.column_letter || CAST(c.row_number AS VARCHAR) AS cell,
    b.kind AS batch_kind
FROM chg_cell AS c
JOIN batch AS b ON b.batch_id = c.batch_id
LEFT JOIN (SELECT * FROM chg_target WHERE effect <> 0) AS x
    ON x.batch_id = c.batch_id AND x.table_name = c.table_name AND x.row_key = c.row_key AND x.field = c.field
LEFT JOIN (
    SELECT bc.batch_id, bc.table_name, bc.sheet, bc.field, min(bc.column_letter) AS column_letter
    FROM batch_column AS bc
    GROUP BY bc.batch_id, bc.table_name, bc.sheet, bc.field
) AS place
    ON place.batch_id = c.batch_id AND place.table_name = c.table_name AND place.sheet IS NOT DISTINCT FROM c.sheet AND place.field = c.field
ORDER BY c.batch_id, c.table_name, c.row_key, c.field, x.code
