-- macro audit_stake_at(as_of, batch := 'Z'): 审计参股比例：各参股按认缴、按实缴的占比、上限与其依据 / Stake of each participation, on commitments and on money paid, with its cap and where the cap comes from
-- audit_stake_at.partner_fund_id: 基金编码 / Partner fund
-- audit_stake_at.name: 基金名称 / Name
-- audit_stake_at.on_day: 计量日期 / Measured on
-- audit_stake_at.basis: 计量口径：认缴或实缴 / Basis: 认缴 committed, 实缴 paid in
-- audit_stake_at.guidance: 引导基金出资：认缴取出资人表，未列的取协议认缴；实缴取基金实缴表，未列的取资金往来 / Of the guidance fund: from the investors' list, else as agreed; paid in from the fund's list, else its own calls
-- audit_stake_at.public_all: 全部财政出资：各级引导基金与其他财政资金 / All public money: guidance funds and other public money
-- audit_stake_at.total: 基金合计；实缴表未列引导基金而其已出资的为空 / Of the whole fund; empty where the list of payments leaves the guidance fund out
-- audit_stake_at.largest_other: 其他出资人中最大一家；未列出资人的为空 / Largest other investor; empty without a list of investors
-- audit_stake_at.cap: 比例上限 / Cap on the share
-- audit_stake_at.rule_source: 上限依据 / Where the cap comes from
-- audit_stake_at.rule_force: 依据效力：依据为约束性，参照仅作提示 / 依据 binds, 参照 only hints
-- audit_stake_at.participation_id: 参股编号 / Participation
-- audit_stake_at.currency: 币种 / Currency
-- read by: audit_stake, auditors
CREATE OR REPLACE MACRO audit_stake_at(as_of, batch := 'Z') AS TABLE
WITH stake_held AS (
    SELECT
        stake.participation_id, stake.partner_fund_id, stake.guidance_fund_id, stake.commitment, stake.currency AS own_currency,
        stake.signed_on, stake.cap_ratio, fund.currency,
        CASE guidance.kind WHEN 'venture' THEN '创投' WHEN 'angel' THEN '天使' WHEN 'cross_border' THEN '跨境' END AS programme,
        row_number() OVER (PARTITION BY stake.partner_fund_id ORDER BY stake.participation_id) = 1 AS is_first
    FROM participation_at(batch) AS stake
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    LEFT JOIN guidance_fund_at(batch) AS guidance ON guidance.guidance_fund_id = stake.guidance_fund_id
    -- one that ended before any money was paid is none
    WHERE stake.signed_on <= CAST(as_of AS DATE) AND (coalesce(stake.dropped_on > CAST(as_of AS DATE), true) OR EXISTS (
        SELECT 1 FROM cash_flow_at(batch) AS paid
        WHERE paid.participation_id = stake.participation_id AND paid.kind IN ('call', 'fee_outside') AND paid.amount > 0
            AND paid.occurred_on <= stake.dropped_on
    ))
),
stake_rule AS (
    -- in force on the agreement date; one that only hints also where it is in force today. Binding first, then the more particular, then the newer
    SELECT
        h.participation_id, r.value AS cap, r.source, r.force,
        row_number() OVER (
            PARTITION BY h.participation_id
            ORDER BY
                r.force = '依据' DESC,
                coalesce(r.in_force_from <= h.signed_on, true) AND coalesce(r.in_force_to >= h.signed_on, true) DESC,
                regexp_replace(r.applies_to, '[ （(].*$', '') = '全部', r.in_force_from DESC NULLS LAST, r.source
        ) AS place
    FROM stake_held AS h
    JOIN rule_at(batch) AS r
        ON r.rule_id = 'OVER_CAP' AND r.value IS NOT NULL
        AND regexp_replace(r.applies_to, '[ （(].*$', '') IN ('全部', h.programme, h.guidance_fund_id, h.participation_id)
        AND (
            coalesce(r.in_force_from <= h.signed_on, true) AND coalesce(r.in_force_to >= h.signed_on, true)
            OR r.force <> '依据' AND coalesce(r.in_force_from <= CAST(as_of AS DATE), true) AND coalesce(r.in_force_to >= CAST(as_of AS DATE), true)
        )
),
stake_promise AS (
    SELECT
        ic.partner_fund_id, ic.investor, ic.kind, sum(ic.amount) AS amount,
        CASE WHEN ic.kind = 'guidance' THEN coalesce(ic.guidance_fund_id, any_value(h.guidance_fund_id)) END AS guidance_fund_id
    FROM investor_commitment_at(batch) AS ic
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = ic.partner_fund_id
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = ic.partner_fund_id
    LEFT JOIN stake_held AS h ON h.partner_fund_id = ic.partner_fund_id AND h.is_first
    WHERE coalesce(ic.currency, fund.currency) = fund.currency
        AND coalesce(ic.effective_on, entity.set_up_on) <= CAST(as_of AS DATE)
    GROUP BY ic.partner_fund_id, ic.investor, ic.kind, ic.guidance_fund_id
),
stake_payment AS (
    SELECT
        fpi.partner_fund_id, fpi.investor, any_value(known.kind) AS kind, sum(fpi.amount) AS amount,
        coalesce(fpi.guidance_fund_id, any_value(known.guidance_fund_id)) AS guidance_fund_id
    FROM fund_paid_in_at(batch) AS fpi
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fpi.partner_fund_id
    LEFT JOIN (
        SELECT p.partner_fund_id, p.investor, min(p.kind) AS kind, min(p.guidance_fund_id) AS guidance_fund_id
        FROM stake_promise AS p
        GROUP BY p.partner_fund_id, p.investor
    ) AS known ON known.partner_fund_id = fpi.partner_fund_id AND known.investor = fpi.investor
    WHERE fpi.paid_on <= CAST(as_of AS DATE) AND fpi.amount IS NOT NULL AND coalesce(fpi.currency, fund.currency) = fund.currency
    GROUP BY fpi.partner_fund_id, fpi.investor, fpi.guidance_fund_id
),
stake_line AS (
    SELECT '认缴' AS basis, partner_fund_id, investor, kind, guidance_fund_id, amount FROM stake_promise
    UNION ALL
    SELECT '实缴', partner_fund_id, investor, kind, guidance_fund_id, amount FROM stake_payment
),
stake_called AS (
    SELECT flow.participation_id, sum(flow.amount) AS amount
    FROM cash_flow_at(batch) AS flow
    JOIN stake_held AS h ON h.participation_id = flow.participation_id AND h.currency = flow.currency
    WHERE flow.kind = 'call' AND flow.occurred_on <= CAST(as_of AS DATE)
    GROUP BY flow.participation_id
),
stake_size AS (
    SELECT
        opening.partner_fund_id,
        any_value(CASE WHEN opening.set_up_on <= CAST(as_of AS DATE) THEN opening.opening_size END)
            + coalesce(sum(ic.amount) FILTER (WHERE ic.changed_on <= CAST(as_of AS DATE)), 0) AS size
    FROM fund_opening_at(batch) AS opening
    LEFT JOIN investor_change_at(batch) AS ic ON ic.partner_fund_id = opening.partner_fund_id
    GROUP BY opening.partner_fund_id
),
stake_other AS (
    -- each other investor by name; another guidance fund is one too
    SELECT participation_id, basis, max(amount) AS largest
    FROM (
        SELECT h.participation_id, l.basis, coalesce(l.guidance_fund_id, l.investor) AS holder, sum(l.amount) AS amount
        FROM stake_held AS h
        JOIN stake_line AS l ON l.partner_fund_id = h.partner_fund_id AND l.guidance_fund_id IS DISTINCT FROM h.guidance_fund_id
        GROUP BY h.participation_id, l.basis, coalesce(l.guidance_fund_id, l.investor)
    ) AS other_holder
    GROUP BY participation_id, basis
),
stake_own AS (
    SELECT
        h.participation_id, l.basis, sum(l.amount) AS all_listed,
        sum(l.amount) FILTER (WHERE l.guidance_fund_id = h.guidance_fund_id) AS guidance,
        sum(l.amount) FILTER (WHERE l.guidance_fund_id IS NOT NULL OR l.kind IN ('guidance', 'public')) AS public_all
    FROM stake_held AS h
    JOIN stake_line AS l ON l.partner_fund_id = h.partner_fund_id
    GROUP BY h.participation_id, l.basis
),
stake_both AS (
    SELECT
        h.participation_id, b.basis,
        CASE b.basis
            WHEN '认缴' THEN coalesce(own.guidance, CASE WHEN h.own_currency = h.currency THEN h.commitment END)
            ELSE coalesce(own.guidance, called.amount, 0)
        END AS guidance,
        own.guidance IS NOT NULL OR coalesce(called.amount, 0) = 0 AS listed,
        own.public_all, own.all_listed, size.size
    FROM stake_held AS h
    CROSS JOIN (VALUES ('认缴'), ('实缴')) AS b(basis)
    LEFT JOIN stake_own AS own ON own.participation_id = h.participation_id AND own.basis = b.basis
    LEFT JOIN stake_called AS called ON called.participation_id = h.participation_id
    LEFT JOIN stake_size AS size ON size.partner_fund_id = h.partner_fund_id
)
SELECT
    h.partner_fund_id, n.name, CAST(as_of AS DATE) AS on_day, o.basis,
    CAST(o.guidance AS DECIMAL(18, 2)) AS guidance,
    CAST(coalesce(o.public_all, o.guidance) AS DECIMAL(18, 2)) AS public_all,
    CAST(CASE WHEN o.basis = '认缴' THEN o.size WHEN o.listed THEN o.all_listed END AS DECIMAL(18, 2)) AS total,
    CAST(other.largest AS DECIMAL(18, 2)) AS largest_other,
    CAST(coalesce(h.cap_ratio, r.cap) AS DOUBLE) AS cap,
    CASE WHEN h.cap_ratio IS NOT NULL THEN '参股协议' ELSE r.source END AS rule_source,
    CASE WHEN h.cap_ratio IS NOT NULL THEN '依据' ELSE r.force END AS rule_force,
    h.participation_id, h.currency
FROM stake_held AS h
JOIN stake_both AS o ON o.participation_id = h.participation_id
JOIN fund_name_at(as_of, batch) AS n ON n.partner_fund_id = h.partner_fund_id
LEFT JOIN stake_rule AS r ON r.participation_id = h.participation_id AND r.place = 1
LEFT JOIN stake_other AS other ON other.participation_id = h.participation_id AND other.basis = o.basis
ORDER BY h.participation_id, o.basis DESC
