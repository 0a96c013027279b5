-- macro partner_fund_summary_at(as_of, batch): 某日、某批次所知的合作基金情况 / Partner funds as they were on a day, as known after a batch
-- partner_fund_summary_at.partner_fund_id: 基金编码 / Partner fund
-- partner_fund_summary_at.name: 该日名称（更名前后各从其时） / Name on that day
-- partner_fund_summary_at.entity_id: 同一基金代号：编码有效且相同的各行为一只基金 / The fund as one entity
-- partner_fund_summary_at.manager_id: 该日管理人编码 / Manager on that day
-- partner_fund_summary_at.manager: 该日管理人名称 / Name of the manager on that day
-- partner_fund_summary_at.status: 阶段，由日期推得：已批复、已签约、已设立、已备案、投资期、退出期、延长期、清算、已注销 / Stage, derived from dates
-- partner_fund_summary_at.currency: 币种 / Currency
-- partner_fund_summary_at.target_size: 目标规模 / Target size
-- partner_fund_summary_at.committed_size: 该日认缴规模，设立前为空 / Committed size on that day, empty before establishment
-- partner_fund_summary_at.paid_in: 该日累计实缴，无实缴记录为空 / Paid in by that day, empty without any record
-- partner_fund_summary_at.paid_in_rate: 到位率 = 实缴 ÷ 认缴 / Paid in ÷ committed
-- partner_fund_summary_at.guidance_committed: 引导基金认缴（已签约） / Committed by guidance funds under agreements
-- partner_fund_summary_at.guidance_paid_in: 引导基金实缴（缴款） / Paid by guidance funds on calls
-- partner_fund_summary_at.guidance_share: 引导基金占比 = 引导基金认缴 ÷ 认缴规模 / Guidance funds' share, on commitments
-- partner_fund_summary_at.guidance_funds: 计入的创投、天使引导基金只数 / Venture and angel guidance funds that count
-- partner_fund_summary_at.established_on: 设立日期 / Established on
-- partner_fund_summary_at.counted_from: 计入起始日：设立日期与协议日期孰晚 / Counts from
-- partner_fund_summary_at.counted: 该日计入目标（同一基金只计一行） / Counts on that day (one row per fund)
-- partner_fund_summary_at.liquidated_on: 进入清算、提前终止或注销的最早日期 / Earliest day of liquidation, early end or dissolution
-- partner_fund_summary_at.exited: 引导基金所持已全部退出 / Guidance funds have sold all they paid for
-- partner_fund_summary_at.as_of: 截至日期 / As of
-- read by: partner_fund_summary, fundtrack.load.agree
CREATE OR REPLACE MACRO partner_fund_summary_at(as_of, batch) AS TABLE
WITH entity_span AS (
    SELECT
        span.entity_id,
        min(span.counts_from) FILTER (WHERE span.programme AND span.live AND span.counts_from <= span.today) AS counted_from,
        count(DISTINCT span.guidance_fund_id) FILTER (WHERE span.programme AND span.live AND span.counts_from <= span.today) AS guidance_funds,
        coalesce(bool_or(span.signed_on <= span.today) FILTER (WHERE span.not_ended), false) AS signed,
        coalesce(bool_or(span.approved_on <= span.today) FILTER (WHERE span.not_ended), false) AS approved
    FROM (
        SELECT
            s.entity_id, s.programme, s.counts_from, s.signed_on, s.guidance_fund_id, stake.approved_on,
            CAST(as_of AS DATE) AS today,
            s.void_from IS NULL OR s.void_from > CAST(as_of AS DATE) AS live,
            stake.dropped_on IS NULL OR stake.dropped_on > CAST(as_of AS DATE) AS not_ended
        FROM participation_span_at(batch) AS s
        JOIN participation_at(batch) AS stake ON stake.participation_id = s.participation_id
    ) AS span
    GROUP BY span.entity_id
),
holding AS (
    SELECT stake.partner_fund_id, sum(stake.commitment) AS committed
    FROM participation_at(batch) AS stake
    JOIN participation_span_at(batch) AS s ON s.participation_id = stake.participation_id
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    WHERE stake.currency = fund.currency AND stake.signed_on <= CAST(as_of AS DATE)
        AND (s.void_from IS NULL OR s.void_from > CAST(as_of AS DATE))
    GROUP BY stake.partner_fund_id
),
called AS (
    SELECT stake.partner_fund_id, coalesce(sum(flow.amount) FILTER (WHERE flow.occurred_on <= CAST(as_of AS DATE)), 0) AS paid
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    WHERE flow.kind = 'call' AND flow.amount IS NOT NULL AND flow.occurred_on IS NOT NULL AND flow.currency = fund.currency
    GROUP BY stake.partner_fund_id
),
sold AS (
    SELECT
        entity.entity_id,
        coalesce(sum(flow.amount) FILTER (WHERE flow.kind = 'call'), 0) AS bought,
        coalesce(sum(coalesce(flow.cost_basis, flow.principal))
            FILTER (WHERE flow.kind = 'exit_proceeds' OR flow.exit_kind IS NOT NULL), 0) AS given_up
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = stake.partner_fund_id
    WHERE flow.amount IS NOT NULL AND flow.occurred_on <= CAST(as_of AS DATE)
    GROUP BY entity.entity_id
),
investors_paid AS (
    SELECT fpi.partner_fund_id, coalesce(sum(fpi.amount) FILTER (WHERE fpi.paid_on <= CAST(as_of AS DATE)), 0) AS paid
    FROM fund_paid_in_at(batch) AS fpi
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fpi.partner_fund_id
    WHERE fpi.amount IS NOT NULL AND fpi.paid_on IS NOT NULL AND coalesce(fpi.currency, fund.currency) = fund.currency
    GROUP BY fpi.partner_fund_id
),
grown AS (
    SELECT ic.partner_fund_id, sum(ic.amount) AS change
    FROM investor_change_at(batch) AS ic
    WHERE ic.changed_on <= CAST(as_of AS DATE)
    GROUP BY ic.partner_fund_id
),
ended AS (
    SELECT
        entity.entity_id,
        min(fc.effective_on) AS liquidated_on,
        min(fc.effective_on) FILTER (WHERE fc.kind = 'dissolved') AS dissolved_on
    FROM fund_change_at(batch) AS fc
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = fc.partner_fund_id
    WHERE fc.kind IN ('liquidating', 'terminated', 'dissolved') AND fc.effective_on <= CAST(as_of AS DATE)
    GROUP BY entity.entity_id
),
extension AS (
    SELECT
        fc.partner_fund_id, fc.effective_on,
        CASE WHEN regexp_matches(fc."before", '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$')
            THEN TRY_CAST(regexp_replace(fc."before", '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$', '\1-\2-\3') AS DATE)
        END AS old_end,
        CASE WHEN regexp_matches(fc."after", '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$')
            THEN TRY_CAST(regexp_replace(fc."after", '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$', '\1-\2-\3') AS DATE)
        END AS new_end
    FROM fund_change_at(batch) AS fc
    WHERE fc.kind = 'extended'
),
extended AS (
    SELECT
        e.partner_fund_id,
        bool_or(e.effective_on <= CAST(as_of AS DATE)) AS in_force,
        coalesce(
            arg_min(e.old_end, e.effective_on) FILTER (WHERE e.is_first),
            any_value(fund.term_end) FILTER (WHERE e.is_first AND NOT e.set_by_extension)
        ) AS first_end
    FROM (
        SELECT
            x.partner_fund_id, x.effective_on, x.old_end,
            row_number() OVER (PARTITION BY x.partner_fund_id ORDER BY x.effective_on) = 1 AS is_first,
            coalesce(bool_or(x.new_end = f.term_end) OVER (PARTITION BY x.partner_fund_id), false) AS set_by_extension
        FROM extension AS x JOIN partner_fund_at(batch) AS f ON f.partner_fund_id = x.partner_fund_id
    ) AS e
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = e.partner_fund_id
    GROUP BY e.partner_fund_id
),
invested AS (
    SELECT i.partner_fund_id, min(i.invested_on) AS first_on FROM investment_at(batch) AS i GROUP BY i.partner_fund_id
),
pictured AS (
    SELECT
        fund.partner_fund_id, named.name, opening.entity_id,
        firm.manager_id, firm.manager,
        CASE
            WHEN ended.dissolved_on IS NOT NULL THEN '已注销'
            WHEN ended.liquidated_on IS NOT NULL THEN '清算'
            WHEN coalesce(opening.set_up_on > CAST(as_of AS DATE), true) THEN
                CASE WHEN entity_span.signed THEN '已签约' WHEN entity_span.approved THEN '已批复' END
            WHEN extended.in_force AND coalesce(extended.first_end < CAST(as_of AS DATE), true) THEN '延长期'
            WHEN fund.investment_end < CAST(as_of AS DATE) THEN '退出期'
            WHEN invested.first_on <= CAST(as_of AS DATE) THEN '投资期'
            WHEN fund.filed_on <= CAST(as_of AS DATE) THEN '已备案'
            ELSE '已设立'
        END AS status,
        fund.currency, fund.target_size,
        CASE
            WHEN opening.set_up_on <= CAST(as_of AS DATE)
                THEN CAST(opening.opening_size + coalesce(grown.change, 0) AS DECIMAL(18, 2))
        END AS committed_size,
        CAST(investors_paid.paid AS DECIMAL(18, 2)) AS paid_in,
        CAST(holding.committed AS DECIMAL(18, 2)) AS guidance_committed,
        CAST(called.paid AS DECIMAL(18, 2)) AS guidance_paid_in,
        nullif(entity_span.guidance_funds, 0) AS guidance_funds,
        fund.established_on, entity_span.counted_from,
        opening.principal AND entity_span.counted_from IS NOT NULL AS counted,
        ended.liquidated_on,
        coalesce(sold.bought > 0 AND sold.given_up >= sold.bought, false) AS exited
    FROM partner_fund_at(batch) AS fund
    JOIN fund_opening_at(batch) AS opening ON opening.partner_fund_id = fund.partner_fund_id
    JOIN fund_manager_at(batch) AS firm ON firm.partner_fund_id = fund.partner_fund_id
        AND coalesce(firm.from_on <= CAST(as_of AS DATE), true) AND coalesce(firm.until_on > CAST(as_of AS DATE), true)
    LEFT JOIN entity_span ON entity_span.entity_id = opening.entity_id
    LEFT JOIN ended ON ended.entity_id = opening.entity_id
    LEFT JOIN sold ON sold.entity_id = opening.entity_id
    LEFT JOIN holding ON holding.partner_fund_id = fund.partner_fund_id
    LEFT JOIN called ON called.partner_fund_id = fund.partner_fund_id
    LEFT JOIN investors_paid ON investors_paid.partner_fund_id = fund.partner_fund_id
    LEFT JOIN grown ON grown.partner_fund_id = fund.partner_fund_id
    JOIN fund_name_at(as_of, batch) AS named ON named.partner_fund_id = fund.partner_fund_id
    LEFT JOIN extended ON extended.partner_fund_id = fund.partner_fund_id
    LEFT JOIN invested ON invested.partner_fund_id = fund.partner_fund_id
)
SELECT
    partner_fund_id, name, entity_id, manager_id, manager, status, currency, target_size, committed_size, paid_in,
    CAST(paid_in AS DOUBLE) / nullif(CAST(committed_size AS DOUBLE), 0) AS paid_in_rate,
    guidance_committed, guidance_paid_in,
    CAST(guidance_committed AS DOUBLE) / nullif(CAST(committed_size AS DOUBLE), 0) AS guidance_share,
    guidance_funds, established_on, counted_from, counted, liquidated_on, exited,
    CAST(as_of AS DATE) AS as_of
FROM pictured
ORDER BY partner_fund_id
