-- macro fund_entity_at(batch): 哪些合作基金行是同一只基金：统一社会信用代码或备案编码有效且相同 / Which partner fund rows are one fund: same valid USCC or AMAC code
-- fund_entity_at.partner_fund_id: 基金编码 / Partner fund
-- fund_entity_at.entity_id: 同一基金各行中最小的基金编码 / Least partner fund ID among the rows of one fund
-- fund_entity_at.set_up_on: 各行所载最早设立日期 / Earliest establishment known of the fund
-- fund_entity_at.set_up_from: 设立最早可能的日期：只知年月或年份的为其首日，否则即设立日期 / First day it may have been: of its month or year where only that is known
-- read by: investor_change_at, fund_opening_at, participation_span_at, partner_fund_summary_at
CREATE OR REPLACE MACRO fund_entity_at(batch) AS TABLE
WITH RECURSIVE entity_marks AS (
    SELECT owner, CASE what WHEN 'fund_uscc' THEN 'u' ELSE 'c' END || folded AS mark FROM folded_text_at(batch) WHERE valid AND what IN ('fund_uscc', 'fund_code')
),
entity_links AS (
    SELECT owner AS one, min(owner) OVER (PARTITION BY mark) AS two FROM entity_marks
),
entity_reached AS (
    SELECT partner_fund_id, partner_fund_id AS other FROM partner_fund_at(batch)
    UNION
    SELECT entity_reached.partner_fund_id, CASE WHEN entity_reached.other = entity_links.one THEN entity_links.two ELSE entity_links.one END
    FROM entity_reached JOIN entity_links ON entity_reached.other IN (entity_links.one, entity_links.two)
),
entity_entities AS (
    SELECT partner_fund_id, min(other) AS entity_id FROM entity_reached GROUP BY partner_fund_id
)
SELECT
    partner_fund_id, entity_id,
    min(fund.established_on) OVER (PARTITION BY entity_id) AS set_up_on,
    first_value(
        CASE fund.established_on_precision
            WHEN 'year' THEN make_date(year(fund.established_on), 1, 1)
            WHEN 'month' THEN make_date(year(fund.established_on), month(fund.established_on), 1)
            ELSE fund.established_on
        END
    ) OVER (
        PARTITION BY entity_id
        -- of several rows that say the same day, the most precise
        ORDER BY
            fund.established_on NULLS LAST,
            CASE fund.established_on_precision WHEN 'year' THEN 2 WHEN 'month' THEN 1 ELSE 0 END
    ) AS set_up_from
FROM entity_entities JOIN partner_fund_at(batch) AS fund USING (partner_fund_id)
