-- macro rule_limit_at(as_of, batch): 各参股、引导基金适用的规则界限：协议日期有效的依据优先，其次参照；不含协议自身约定 / The limit of each rule for each participation and guidance fund, other than what agreements say themselves
-- rule_limit_at.rule_id: 规则编码 / Rule
-- rule_limit_at.criterion: 规则的指标，适用对象括号中的文字，无则为空文字 / Criterion, the words in brackets of the scope
-- rule_limit_at.participation_id: 参股编号，空为引导基金或没有参股的对象 / Participation; empty for a guidance fund, or for what has none
-- rule_limit_at.guidance_fund_id: 引导基金编码，两者皆空为没有参股的对象 / Guidance fund; both empty for what has no participation
-- rule_limit_at.by_agreement: 是否按协议日期取（否为按所看日期） / By the agreement date (otherwise by the day looked at)
-- rule_limit_at.limit_term: 参数值 / Value of the parameter
-- rule_limit_at.rule_base: 基数 / Base
-- rule_limit_at.bound_by: rule 依据，reference 参照，空为无 / What binds
-- rule_limit_at.unset: 协议日期有效的依据缺参数值 / A binding rule in force lacks its value
-- read by: finding_check_at, check_*_at
CREATE OR REPLACE MACRO rule_limit_at(as_of, batch) AS TABLE
WITH limit_row AS (
    SELECT
        r.rule_id, r.parameter, r.value, r.base, r.in_force_from, r.in_force_to, r.force = '依据' AS binding,
        regexp_extract(replace(r.applies_to, ' ', ''), '^([^（(]*)', 1) AS scope,
        regexp_extract(replace(r.applies_to, ' ', ''), '[（(](.*)[）)]$', 1) AS criterion,
        r.parameter IS NULL OR CASE WHEN r.unit = '清单' THEN r.base IS NOT NULL ELSE r.value IS NOT NULL END AS holds
    FROM rule_at(batch) AS r
),
limit_subject AS (
    SELECT
        stake.participation_id, stake.guidance_fund_id, dated.by_agreement,
        CASE WHEN dated.by_agreement THEN coalesce(stake.signed_on, stake.approved_on, CAST(as_of AS DATE)) ELSE CAST(as_of AS DATE) END AS on_day
    FROM participation_at(batch) AS stake
    CROSS JOIN (SELECT unnest([true, false]) AS by_agreement) AS dated
    UNION ALL
    SELECT NULL, own.guidance_fund_id, true, CAST(as_of AS DATE) FROM guidance_fund_at(batch) AS own
    UNION ALL
    SELECT NULL, NULL, true, CAST(as_of AS DATE)
),
limit_pair AS (
    SELECT
        limit_row.*, stake.participation_id, stake.guidance_fund_id, stake.by_agreement,
        CASE
            WHEN limit_row.scope = stake.participation_id THEN 3
            WHEN limit_row.scope = stake.guidance_fund_id THEN 2
            WHEN limit_row.scope = guidance.kind
                OR limit_row.scope = CASE guidance.kind WHEN 'venture' THEN '创投' WHEN 'angel' THEN '天使' WHEN 'cross_border' THEN '跨境' END THEN 1
            WHEN limit_row.scope = '全部' THEN 0
        END AS nearness,
        coalesce(limit_row.in_force_from <= stake.on_day, true)
            AND coalesce(limit_row.in_force_to >= stake.on_day, true) AS in_force_then,
        coalesce(limit_row.in_force_from <= CAST(as_of AS DATE), true)
            AND coalesce(limit_row.in_force_to >= CAST(as_of AS DATE), true) AS in_force_now
    FROM limit_subject AS stake
    LEFT JOIN guidance_fund_at(batch) AS guidance ON guidance.guidance_fund_id = stake.guidance_fund_id
    CROSS JOIN limit_row
),
limit_ranked AS (
    SELECT
        limit_pair.*,
        row_number() OVER (
            PARTITION BY rule_id, criterion, participation_id, guidance_fund_id, by_agreement
            ORDER BY holds DESC, binding DESC, in_force_then DESC, nearness DESC, in_force_from DESC NULLS LAST
        ) AS place,
        bool_or(binding AND NOT holds) OVER (PARTITION BY rule_id, criterion, participation_id, guidance_fund_id, by_agreement) AS unset
    FROM limit_pair
    WHERE nearness IS NOT NULL AND (in_force_then OR (NOT binding AND in_force_now))
)
SELECT
    rule_id, criterion, participation_id, guidance_fund_id, by_agreement,
    CASE WHEN holds THEN value END AS limit_term,
    CASE WHEN holds THEN base END AS rule_base,
    CASE WHEN holds THEN CASE WHEN binding THEN 'rule' ELSE 'reference' END END AS bound_by,
    unset
FROM limit_ranked
WHERE place = 1
