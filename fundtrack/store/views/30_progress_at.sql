-- macro progress_at(as_of, batch, band_early := 0.30, band_late := 0.10): 某日、某批次所知的目标推进情况 / Progress toward the targets on a day, as known after a batch
-- progress_at.code: 指标编码 / Indicator
-- progress_at.name: 名称 / Name
-- progress_at.unit: 单位 / Unit
-- progress_at.currency: 币种，计数指标为空 / Currency, empty for counts
-- progress_at.target: 目标值 / Target
-- progress_at.starts_on: 计划起始日期 / Plan starts on
-- progress_at.due_on: 计划截止日期 / Plan ends on
-- progress_at.actual: 完成值，空为数据待补 / Actual, empty where unknown
-- progress_at.start_value: 计划年度前一日的值 / Value on the last day before the plan
-- progress_at.completion: 完成率 = 完成值 ÷ 目标值 / Completion = actual ÷ target
-- progress_at.year_completion: 年度新增任务完成率 =（完成值 − 年初值）÷（目标值 − 年初值） / Share of the plan's own task done
-- progress_at.elapsed: 序时进度 / Share of the plan's days gone
-- progress_at.lead: 高于（正）或低于（负）序时进度 / Ahead of (+) or behind (−) pace
-- progress_at.remaining: 尚差 / Still missing
-- progress_at.status: 状态：done、on_pace、behind、far_behind、unknown、missed / Status
-- progress_at.as_of: 截至日期 / As of
-- progress_at.computed: 由台账计算（否则为报送数） / Computed from the ledger (else reported)
-- progress_at.band: 慢于序时与明显慢于序时的界线 / Where behind ends and well behind begins
-- progress_at.source: 目标依据 / Source of the target
-- progress_at.measured_on: 报送数的日期 / Day of a reported value
-- progress_at.measured_source: 报送数的来源 / Source of a reported value
-- read by: progress, fundtrack.load.agree
CREATE OR REPLACE MACRO progress_at(as_of, batch, band_early := 0.30, band_late := 0.10) AS TABLE
WITH plan AS (
    SELECT
        t.code, t.name, t.unit, t.currency, t.value AS goal, t.starts_on, t.due_on, t.source,
        CAST(as_of AS DATE) AS today, t.starts_on - 1 AS eve, t.due_on - t.starts_on + 1 AS plan_days,
        t.code IN ('new_managers', 'partner_funds', 'fund_scale', 'cross_border') AS computed
    FROM target_at(batch) AS t
    WHERE t.due_on >= t.starts_on
    QUALIFY row_number() OVER (
        PARTITION BY t.code
        ORDER BY
            CAST(as_of AS DATE) BETWEEN t.starts_on AND t.due_on DESC,
            t.starts_on <= CAST(as_of AS DATE) DESC,
            CASE WHEN t.starts_on <= CAST(as_of AS DATE) THEN t.starts_on END DESC NULLS LAST,
            CASE WHEN t.starts_on <= CAST(as_of AS DATE) THEN t.due_on END DESC NULLS LAST,
            t.starts_on, t.due_on
    ) = 1
),
moment AS (
    SELECT p.code, 'today' AS instant, p.today AS day, p.* EXCLUDE (code) FROM plan AS p
    UNION ALL
    SELECT p.code, 'eve', p.eve, p.* EXCLUDE (code) FROM plan AS p
),
span AS (
    SELECT * FROM participation_span_at(batch) WHERE programme
),
present AS (
    SELECT DISTINCT m.code, m.instant, m.day, coalesce(m.currency, 'CNY') AS currency, s.entity_id
    FROM moment AS m
    JOIN span AS s ON s.counts_from <= m.day AND coalesce(s.void_from > m.day, true)
    WHERE m.code IN ('partner_funds', 'fund_scale')
),
sized AS (
    SELECT
        p.code, p.instant, p.entity_id, f.currency = p.currency AS in_currency,
        f.opening_size + coalesce(sum(ic.amount) FILTER (WHERE ic.changed_on <= p.day), 0) AS size
    FROM present AS p
    JOIN fund_opening_at(batch) AS f ON f.entity_id = p.entity_id AND f.principal
    LEFT JOIN investor_change_at(batch) AS ic ON ic.partner_fund_id = f.partner_fund_id
    GROUP BY p.code, p.instant, p.entity_id, f.currency, p.currency, f.opening_size
),
fund_value AS (
    SELECT
        code, instant, count(*) AS funds,
        CASE
            WHEN count(*) FILTER (WHERE in_currency) = 0 THEN 0
            ELSE sum(size) FILTER (WHERE in_currency)
        END AS scale
    FROM sized
    GROUP BY code, instant
),
house_first AS (
    SELECT f.house, min(s.signed_on) AS first_on
    FROM span AS s
    JOIN fund_manager_at(batch) AS f ON f.partner_fund_id = s.partner_fund_id
        AND coalesce(f.from_on <= s.signed_on, true) AND coalesce(s.signed_on < f.until_on, true)
    WHERE s.signed_on IS NOT NULL AND f.house IS NOT NULL
    GROUP BY f.house
),
firm_value AS (
    SELECT m.code, m.instant, count(h.house) AS firms
    FROM moment AS m
    LEFT JOIN house_first AS h ON h.first_on BETWEEN m.starts_on AND least(m.day, m.due_on)
    WHERE m.code = 'new_managers'
    GROUP BY m.code, m.instant
),
border_value AS (
    SELECT
        m.code, m.instant,
        count(DISTINCT g.guidance_fund_id) AS funds_known,
        bool_or(coalesce(g.established_on <= m.day, false)) AS set_up,
        count(flow.amount) AS commitments,
        coalesce(sum(flow.amount) FILTER (WHERE greatest(flow.occurred_on, g.established_on) <= m.day), 0) AS committed
    FROM moment AS m
    CROSS JOIN guidance_fund_at(batch) AS g
    LEFT JOIN guidance_flow_at(batch) AS flow
        ON flow.guidance_fund_id = g.guidance_fund_id AND flow.kind = 'committed'
        AND flow.currency = coalesce(m.currency, 'USD') AND g.established_on IS NOT NULL
    WHERE m.code = 'cross_border' AND g.kind = 'cross_border'
    GROUP BY m.code, m.instant
),
told AS (
    SELECT m.code, m.instant, i.value, i.measured_on, i.source
    FROM moment AS m
    JOIN indicator_at(batch) AS i ON i.code = m.code AND i.value IS NOT NULL AND i.measured_on <= m.day
    WHERE NOT m.computed
        AND CASE
            WHEN m.code <> 'invention_patents' THEN i.measured_on BETWEEN m.starts_on AND m.due_on
            WHEN m.instant = 'eve' THEN i.measured_on = m.day
            ELSE true
        END
    QUALIFY row_number() OVER (PARTITION BY m.code, m.instant ORDER BY i.measured_on DESC) = 1
),
answer AS (
    SELECT
        m.code, m.instant, told.measured_on, told.source AS measured_source,
        CASE
            WHEN m.code IN ('new_managers', 'partner_funds', 'fund_scale') AND NOT begun.begun THEN NULL
            WHEN m.code = 'new_managers' THEN firm.firms
            WHEN m.code = 'partner_funds' THEN coalesce(fund.funds, 0)
            WHEN m.code = 'fund_scale' AND fund.code IS NULL THEN 0
            WHEN m.code = 'fund_scale' THEN fund.scale
            WHEN m.code = 'cross_border' AND (border.code IS NULL OR border.set_up AND border.commitments = 0) THEN NULL
            WHEN m.code = 'cross_border' THEN border.committed
            WHEN m.instant = 'eve' AND m.code IN ('hightech_value_added', 'new_hightech_firms', 'new_tech_smes', 'major_projects')
                THEN 0
            ELSE told.value
        END AS value
    FROM moment AS m
    LEFT JOIN firm_value AS firm ON firm.code = m.code AND firm.instant = m.instant
    LEFT JOIN fund_value AS fund ON fund.code = m.code AND fund.instant = m.instant
    LEFT JOIN border_value AS border ON border.code = m.code AND border.instant = m.instant
    LEFT JOIN told ON told.code = m.code AND told.instant = m.instant
    CROSS JOIN (
        SELECT count(*) > 0 AS begun
        FROM participation_at(batch) AS stake
        JOIN guidance_fund_at(batch) AS guidance ON guidance.guidance_fund_id = stake.guidance_fund_id
        WHERE guidance.kind IN ('venture', 'angel')
    ) AS begun
),
pair AS (
    SELECT
        code,
        CAST(max(value) FILTER (WHERE instant = 'today') AS DECIMAL(18, 2)) AS actual,
        CAST(max(value) FILTER (WHERE instant = 'eve') AS DECIMAL(18, 2)) AS start_value,
        max(measured_on) FILTER (WHERE instant = 'today') AS measured_on,
        max(measured_source) FILTER (WHERE instant = 'today') AS measured_source
    FROM answer
    GROUP BY code
),
judged AS (
    SELECT
        p.*, pair.* EXCLUDE (code),
        greatest(0, least(p.plan_days, p.today - p.starts_on + 1)) AS days_gone,
        p.goal > pair.start_value AS has_task
    FROM plan AS p
    JOIN pair ON pair.code = p.code
),
paced AS (
    SELECT
        judged.*,
        CASE WHEN 4 * days_gone > 3 * plan_days THEN band_late ELSE band_early END AS band,
        CASE WHEN has_task THEN CAST(actual - start_value AS DOUBLE) / CAST(goal - start_value AS DOUBLE) END AS year_share,
        CAST(days_gone AS DOUBLE) / plan_days AS time_share,
        -- lead times (goal - start) times days: whole cents, so that a lead of just nothing is just nothing
        CAST((actual - start_value) * 100 AS HUGEINT) * plan_days
            - CAST((goal - start_value) * 100 AS HUGEINT) * days_gone AS ahead,
        CAST((goal - start_value) * 100 AS HUGEINT) * plan_days AS whole_task
    FROM judged
)
SELECT
    code, name, unit, currency, goal AS target, starts_on, due_on, actual, start_value,
    CAST(actual AS DOUBLE) / nullif(CAST(goal AS DOUBLE), 0) AS completion,
    year_share AS year_completion,
    time_share AS elapsed,
    year_share - time_share AS lead,
    CASE WHEN actual IS NOT NULL THEN CAST(greatest(goal - actual, 0) AS DECIMAL(18, 2)) END AS remaining,
    CASE
        WHEN actual IS NULL THEN 'unknown'
        WHEN actual >= goal THEN 'done'
        WHEN today > due_on THEN 'missed'
        WHEN NOT coalesce(has_task, false) THEN 'unknown'
        WHEN ahead >= 0 THEN 'on_pace'
        WHEN ahead * 100 >= -CAST(band * 100 AS HUGEINT) * whole_task THEN 'behind'
        ELSE 'far_behind'
    END AS status,
    today AS as_of, computed, CAST(band AS DECIMAL(4, 2)) AS band, source, measured_on, measured_source
FROM paced
ORDER BY
    coalesce(list_position([
        'new_managers', 'partner_funds', 'fund_scale', 'cross_border', 'hightech_value_added',
        'new_hightech_firms', 'new_tech_smes', 'major_projects', 'invention_patents'
    ], code), 99),
    code
