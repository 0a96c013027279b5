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
WITH chg_cell AS MATERIALIZED (
    SELECT c.*, split_part(c.row_key, '|', 1) AS first_key
    FROM field_change_at(batch) AS c
    WHERE c.old_value IS DISTINCT FROM c.new_value
        AND (c.earlier_batch IS NOT NULL OR c.table_name || '.' || c.field IN (
            'partner_fund.established_on', 'partner_fund.committed_size', 'participation.signed_on', 'participation.dropped_on',
            'investor_commitment.amount', 'guidance_flow.amount', 'indicator.value'
        ))
),
chg_fund AS MATERIALIZED (
    SELECT
        f.row_key AS partner_fund_id, coalesce(entity.entity_id, f.row_key) AS entity_id, coalesce(opening.principal, true) AS principal,
        f.op, f.established_on, f.committed_size, f.currency, f.batch_id,
        lead(f.batch_id) OVER (PARTITION BY f.row_key ORDER BY f.batch_id) AS until_batch
    FROM partner_fund_log AS f
    LEFT JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = f.row_key
    LEFT JOIN fund_opening_at(batch) AS opening ON opening.partner_fund_id = f.row_key
    WHERE f.batch_id <= batch
),
chg_first_paid AS MATERIALIZED (
    SELECT participation_id, min(paid_on) AS paid_on
    FROM (
        SELECT participation_id, occurred_on AS paid_on FROM cash_flow_at(batch) WHERE kind IN ('call', 'fee_outside') AND amount > 0
        UNION ALL
        SELECT stake.participation_id, fpi.paid_on
        FROM fund_paid_in_at(batch) AS fpi
        JOIN participation_at(batch) AS stake ON stake.partner_fund_id = fpi.partner_fund_id AND stake.guidance_fund_id = fpi.guidance_fund_id
        WHERE fpi.amount > 0
    ) AS chg_payment
    GROUP BY participation_id
),
chg_stake_row AS MATERIALIZED (
    SELECT
        p.row_key, p.op, p.signed_on, p.dropped_on, p.batch_id,
        coalesce(p.partner_fund_id, max(p.partner_fund_id) OVER (PARTITION BY p.row_key)) AS partner_fund_id,
        coalesce(p.guidance_fund_id, max(p.guidance_fund_id) OVER (PARTITION BY p.row_key)) AS guidance_fund_id,
        lead(p.batch_id) OVER (PARTITION BY p.row_key ORDER BY p.batch_id) AS until_batch
    FROM participation_log AS p
    WHERE p.batch_id <= batch
),
chg_house AS MATERIALIZED (
    -- the house at signing, as known newest
    SELECT s.row_key, s.batch_id, any_value(fm.house) AS house
    FROM chg_stake_row AS s
    JOIN fund_manager_at(batch) AS fm ON fm.partner_fund_id = s.partner_fund_id
        AND coalesce(fm.from_on <= s.signed_on, true) AND coalesce(s.signed_on < fm.until_on, true)
    WHERE s.signed_on IS NOT NULL
    GROUP BY s.row_key, s.batch_id
),
chg_stake AS MATERIALIZED (
    SELECT
        s.*, coalesce(g.kind IN ('venture', 'angel'), false) AS programme,
        coalesce(entity.entity_id, s.partner_fund_id) AS entity_id,
        coalesce(s.dropped_on <= CAST(as_of AS DATE) AND coalesce(fp.paid_on > s.dropped_on, true), false) AS void,
        coalesce(h.house, max(h.house) OVER (PARTITION BY s.row_key)) AS house
    FROM chg_stake_row AS s
    LEFT JOIN chg_house AS h ON h.row_key = s.row_key AND h.batch_id = s.batch_id
    LEFT JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = s.guidance_fund_id
    LEFT JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = s.partner_fund_id
    LEFT JOIN chg_first_paid AS fp ON fp.participation_id = s.row_key
),
chg_investor AS MATERIALIZED (
    SELECT
        i.row_key, i.op, i.reason, i.effective_on, i.amount, i.currency, i.batch_id,
        coalesce(entity.entity_id, split_part(i.row_key, '|', 1)) AS entity_id, split_part(i.row_key, '|', 1) AS partner_fund_id,
        lead(i.batch_id) OVER (PARTITION BY i.row_key ORDER BY i.batch_id) AS until_batch
    FROM investor_commitment_log AS i
    LEFT JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = split_part(i.row_key, '|', 1)
    WHERE i.batch_id <= batch
),
chg_event AS MATERIALIZED (
    SELECT entity_id, batch_id FROM chg_fund
    UNION
    SELECT entity_id, batch_id FROM chg_stake
    UNION
    SELECT entity_id, batch_id FROM chg_investor
),
chg_set_up AS MATERIALIZED (
    SELECT
        e.entity_id, e.batch_id, min(f.established_on) AS set_up_on,
        any_value(f.partner_fund_id) FILTER (WHERE f.principal) AS partner_fund_id,
        any_value(f.committed_size) FILTER (WHERE f.principal) AS committed_size,
        any_value(f.currency) FILTER (WHERE f.principal) AS currency
    FROM chg_event AS e
    LEFT JOIN chg_fund AS f
        ON f.entity_id = e.entity_id AND f.op = 'put' AND f.batch_id <= e.batch_id AND coalesce(f.until_batch > e.batch_id, true)
    GROUP BY e.entity_id, e.batch_id
),
chg_counting AS MATERIALIZED (
    SELECT
        u.entity_id, u.batch_id, u.set_up_on, u.partner_fund_id, u.committed_size, u.currency,
        count(s.row_key) FILTER (
            WHERE s.programme AND NOT s.void AND greatest(s.signed_on, u.set_up_on) <= CAST(as_of AS DATE)
                AND s.signed_on IS NOT NULL AND u.set_up_on IS NOT NULL
        ) > 0 AS counted
    FROM chg_set_up AS u
    LEFT JOIN chg_stake AS s
        ON s.entity_id = u.entity_id AND s.op = 'put' AND s.batch_id <= u.batch_id AND coalesce(s.until_batch > u.batch_id, true)
    GROUP BY u.entity_id, u.batch_id, u.set_up_on, u.partner_fund_id, u.committed_size, u.currency
),
chg_share AS MATERIALIZED (
    -- what each investor's row adds to the size of a fund that counts
    SELECT
        c.entity_id, c.batch_id, i.row_key,
        CASE
            WHEN NOT c.counted OR c.currency IS DISTINCT FROM 'CNY' OR coalesce(i.currency, c.currency) <> c.currency THEN 0
            WHEN i.reason IS DISTINCT FROM 'initial' AND i.effective_on > c.set_up_on
                THEN CASE WHEN i.effective_on <= CAST(as_of AS DATE) THEN i.amount ELSE 0 END
            WHEN c.committed_size IS NULL THEN i.amount
            ELSE 0
        END AS share
    FROM chg_counting AS c
    JOIN chg_investor AS i
        ON i.partner_fund_id = c.partner_fund_id AND i.op = 'put' AND i.batch_id <= c.batch_id AND coalesce(i.until_batch > c.batch_id, true)
),
chg_fund_move AS MATERIALIZED (
    SELECT
        n.entity_id, n.batch_id, n.counted, n.counted IS DISTINCT FROM coalesce(lag(n.counted) OVER chg_order, false) AS flipped,
        CAST(n.counted AS INTEGER) - coalesce(lag(CAST(n.counted AS INTEGER)) OVER chg_order, 0) AS funds,
        n.size - coalesce(lag(n.size) OVER chg_order, 0) AS scale
    FROM (
        SELECT
            c.entity_id, c.batch_id, c.counted,
            coalesce(sum(s.share), 0)
                + CASE WHEN c.counted AND c.currency = 'CNY' THEN coalesce(c.committed_size, 0) ELSE 0 END AS size
        FROM chg_counting AS c
        LEFT JOIN chg_share AS s ON s.entity_id = c.entity_id AND s.batch_id = c.batch_id
        GROUP BY c.entity_id, c.batch_id, c.counted, c.currency, c.committed_size
    ) AS n
    WINDOW chg_order AS (PARTITION BY n.entity_id ORDER BY n.batch_id)
),
chg_share_move AS MATERIALIZED (
    SELECT m.row_key, m.batch_id, m.entity_id, m.move
    FROM (
        SELECT
            k.row_key, e.batch_id, e.entity_id,
            coalesce(s.share, 0) - coalesce(lag(s.share) OVER (PARTITION BY k.row_key ORDER BY e.batch_id), 0) AS move
        FROM (SELECT DISTINCT row_key, entity_id FROM chg_investor) AS k
        JOIN chg_event AS e ON e.entity_id = k.entity_id
        LEFT JOIN chg_share AS s ON s.row_key = k.row_key AND s.batch_id = e.batch_id
    ) AS m
    JOIN chg_fund_move AS f ON f.entity_id = m.entity_id AND f.batch_id = m.batch_id AND NOT f.flipped
    WHERE m.move <> 0
        AND EXISTS (SELECT 1 FROM chg_investor AS i WHERE i.row_key = m.row_key AND i.batch_id = m.batch_id)
),
chg_cell_of_fund AS MATERIALIZED (
    SELECT
        c.batch_id, c.table_name, c.row_key, c.field,
        coalesce(f.entity_id, s.entity_id, i.entity_id) AS entity_id,
        s.house,
        row_number() OVER (
            PARTITION BY c.batch_id, coalesce(f.entity_id, s.entity_id, i.entity_id)
            ORDER BY coalesce(list_position(
                ['participation.signed_on', 'partner_fund.established_on', 'participation.dropped_on', 'participation.guidance_fund_id',
                 'partner_fund.committed_size', 'partner_fund.currency', 'investor_commitment.amount', 'investor_commitment.effective_on'],
                c.table_name || '.' || c.field), 99), c.row_key, c.field
        ) AS place,
        row_number() OVER (
            PARTITION BY c.batch_id, coalesce(f.entity_id, s.entity_id, i.entity_id)
            ORDER BY coalesce(list_position(
                ['partner_fund.committed_size', 'partner_fund.currency', 'partner_fund.established_on', 'participation.signed_on',
                 'investor_commitment.amount', 'investor_commitment.effective_on'],
                c.table_name || '.' || c.field), 99), c.row_key, c.field
        ) AS size_place,
        row_number() OVER (
            PARTITION BY c.batch_id, c.row_key
            ORDER BY coalesce(list_position(['amount', 'effective_on', 'reason'], c.field), 99), c.field
        ) AS row_place,
        row_number() OVER (
            PARTITION BY c.batch_id, s.house
            ORDER BY coalesce(list_position(['signed_on', 'guidance_fund_id'], c.field), 99), c.row_key, c.field
        ) AS house_place
    FROM chg_cell AS c
    LEFT JOIN chg_fund AS f ON c.table_name = 'partner_fund' AND f.partner_fund_id = c.row_key AND f.batch_id = c.batch_id
    LEFT JOIN chg_stake AS s ON c.table_name = 'participation' AND s.row_key = c.row_key AND s.batch_id = c.batch_id
    LEFT JOIN chg_investor AS i ON c.table_name = 'investor_commitment' AND i.row_key = c.row_key AND i.batch_id = c.batch_id
    WHERE c.table_name IN ('partner_fund', 'participation', 'investor_commitment')
),
chg_plan AS MATERIALIZED (
    SELECT t.starts_on, least(t.due_on, CAST(as_of AS DATE)) AS last_on
    FROM target_at(batch) AS t
    WHERE t.code = 'new_managers' AND t.starts_on <= CAST(as_of AS DATE)
    ORDER BY CAST(as_of AS DATE) BETWEEN t.starts_on AND t.due_on DESC, t.starts_on DESC, t.due_on DESC
    LIMIT 1
),
chg_house_move AS MATERIALIZED (
    SELECT v.house, v.batch_id, v.inside - coalesce(lag(v.inside) OVER (PARTITION BY v.house ORDER BY v.batch_id), 0) AS move
    FROM (
        SELECT
            e.house, e.batch_id,
            coalesce(CAST(
                min(s.signed_on) BETWEEN any_value(plan.starts_on) AND any_value(plan.last_on) AS INTEGER
            ), 0) AS inside
        FROM (SELECT DISTINCT house, batch_id FROM chg_stake WHERE house IS NOT NULL) AS e
        LEFT JOIN chg_stake AS s
            ON s.house = e.house AND s.programme AND s.op = 'put' AND s.batch_id <= e.batch_id
            AND coalesce(s.until_batch > e.batch_id, true)
        CROSS JOIN chg_plan AS plan
        GROUP BY e.house, e.batch_id
    ) AS v
),
chg_border_row AS MATERIALIZED (
    SELECT
        gf.row_key, gf.batch_id,
        CASE
            WHEN gf.op = 'put' AND gf.kind = 'committed' AND gf.currency = 'USD' AND g.kind = 'cross_border'
                AND greatest(gf.occurred_on, g.established_on) <= CAST(as_of AS DATE) AND g.established_on IS NOT NULL THEN gf.amount
            ELSE 0
        END AS share
    FROM guidance_flow_log AS gf
    LEFT JOIN guidance_fund_at(batch) AS g ON g.guidance_fund_id = split_part(gf.row_key, '|', 1)
    WHERE gf.batch_id <= batch
),
chg_border_move AS MATERIALIZED (
    SELECT row_key, batch_id, share - coalesce(lag(share) OVER (PARTITION BY row_key ORDER BY batch_id), 0) AS move
    FROM chg_border_row
),
chg_told_row AS MATERIALIZED (
    SELECT
        i.row_key, i.batch_id, i.op, split_part(i.row_key, '|', 1) AS code, i.measured_on, i.value,
        lead(i.batch_id) OVER (PARTITION BY i.row_key ORDER BY i.batch_id) AS until_batch
    FROM indicator_log AS i
    WHERE i.batch_id <= batch AND split_part(i.row_key, '|', 1) NOT IN ('new_managers', 'partner_funds', 'fund_scale', 'cross_border')
),
chg_told_move AS MATERIALIZED (
    SELECT code, batch_id, told - coalesce(lag(told) OVER (PARTITION BY code ORDER BY batch_id), 0) AS move
    FROM (
        SELECT e.code, e.batch_id, arg_max(t.value, t.measured_on) AS told
        FROM (SELECT DISTINCT code, batch_id FROM chg_told_row) AS e
        LEFT JOIN chg_told_row AS t
            ON t.code = e.code AND t.op = 'put' AND t.batch_id <= e.batch_id AND coalesce(t.until_batch > e.batch_id, true)
            AND t.measured_on <= CAST(as_of AS DATE)
        GROUP BY e.code, e.batch_id
    ) AS chg_told
),
chg_effect AS MATERIALIZED (
    SELECT c.batch_id, c.table_name, c.row_key, c.field, 'partner_funds' AS code, CAST(m.funds AS DECIMAL(18, 2)) AS effect
    FROM chg_cell_of_fund AS c
    JOIN chg_fund_move AS m ON m.entity_id = c.entity_id AND m.batch_id = c.batch_id
    WHERE m.flipped AND c.place = 1
    UNION ALL
    SELECT c.batch_id, c.table_name, c.row_key, c.field, 'fund_scale', CAST(m.scale AS DECIMAL(18, 2))
    FROM chg_cell_of_fund AS c
    JOIN chg_fund_move AS m ON m.entity_id = c.entity_id AND m.batch_id = c.batch_id
    WHERE m.flipped AND c.place = 1
    UNION ALL
    SELECT c.batch_id, c.table_name, c.row_key, c.field, 'fund_scale', CAST(s.move AS DECIMAL(18, 2))
    FROM chg_cell_of_fund AS c
    JOIN chg_share_move AS s ON s.row_key = c.row_key AND s.batch_id = c.batch_id
    WHERE c.table_name = 'investor_commitment' AND c.row_place = 1
    UNION ALL
    SELECT c.batch_id, c.table_name, c.row_key, c.field, 'fund_scale', CAST(m.scale - coalesce(s.moved, 0) AS DECIMAL(18, 2))
    FROM chg_cell_of_fund AS c
    JOIN chg_fund_move AS m ON m.entity_id = c.entity_id AND m.batch_id = c.batch_id
    LEFT JOIN (SELECT entity_id, batch_id, sum(move) AS moved FROM chg_share_move GROUP BY entity_id, batch_id) AS s
        ON s.entity_id = m.entity_id AND s.batch_id = m.batch_id
    WHERE NOT m.flipped AND c.size_place = 1 AND m.scale <> coalesce(s.moved, 0)
    UNION ALL
    SELECT c.batch_id, c.table_name, c.row_key, c.field, 'new_managers', CAST(m.move AS DECIMAL(18, 2))
    FROM chg_cell_of_fund AS c
    JOIN chg_house_move AS m ON m.house = c.house AND m.batch_id = c.batch_id
    WHERE c.table_name = 'participation' AND c.house_place = 1
    UNION ALL
    SELECT c.batch_id, c.table_name, c.row_key, c.field, 'cross_border', CAST(m.move AS DECIMAL(18, 2))
    FROM (
        SELECT *, row_number() OVER (PARTITION BY batch_id, row_key ORDER BY field <> 'amount', field) AS row_place
        FROM chg_cell
        WHERE table_name = 'guidance_flow'
    ) AS c
    JOIN chg_border_move AS m ON m.row_key = c.row_key AND m.batch_id = c.batch_id
    WHERE c.row_place = 1
    UNION ALL
    SELECT c.batch_id, c.table_name, c.row_key, c.field, c.first_key, CAST(m.move AS DECIMAL(18, 2))
    FROM (
        SELECT *, row_number() OVER (PARTITION BY batch_id, first_key ORDER BY field <> 'value', row_key DESC, field) AS row_place
        FROM chg_cell
        WHERE table_name = 'indicator'
    ) AS c
    JOIN chg_told_move AS m ON m.code = c.first_key AND m.batch_id = c.batch_id
    WHERE c.row_place = 1
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
LEFT JOIN (SELECT * FROM chg_effect WHERE effect <> 0) AS x
    ON x.batch_id = c.batch_id AND x.table_name = c.table_name AND x.row_key = c.row_key AND x.field = c.field
LEFT JOIN (
    SELECT bc.batch_id, bc.table_name, bc.sheet, bc.field, min(bc.column_letter) AS column_letter
    FROM batch_column AS bc
    GROUP BY bc.batch_id, bc.table_name, bc.sheet, bc.field
) AS place
    ON place.batch_id = c.batch_id AND place.table_name = c.table_name AND place.sheet IS NOT DISTINCT FROM c.sheet AND place.field = c.field
ORDER BY c.batch_id, c.table_name, c.row_key, c.field, x.code
