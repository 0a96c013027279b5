-- macro fund_manager_at(batch): 各合作基金历任管理人及任期 / Who managed each partner fund from when until when
-- fund_manager_at.partner_fund_id: 基金编码 / Partner fund
-- fund_manager_at.from_on: 任期起（含），空为自始 / From (included); empty: from the beginning
-- fund_manager_at.until_on: 任期止（不含），空为至今 / Until (excluded); empty: to this day
-- fund_manager_at.manager_id: 机构编码，台账未载该机构则为空 / Manager; empty where the ledger does not hold the firm
-- fund_manager_at.manager: 机构名称 / Name of the firm
-- fund_manager_at.house: 所属机构品牌代号 / Its house
-- read by: partner_fund_summary_at, progress_at
CREATE OR REPLACE MACRO fund_manager_at(batch) AS TABLE
WITH turn_named AS (
    SELECT
        text.owner,
        max(coalesce(by_id.manager_id, by_name.manager_id, text.written)) FILTER (WHERE text.what = 'change_before') AS was,
        max(coalesce(by_id.manager_id, by_name.manager_id, text.written)) FILTER (WHERE text.what = 'change_after') AS came
    FROM folded_text_at(batch) AS text
    LEFT JOIN manager_at(batch) AS by_id ON by_id.manager_id = text.written
    LEFT JOIN (
        SELECT firm.name_key, min(firm.manager_id) AS manager_id FROM manager_at(batch) AS firm GROUP BY firm.name_key
    ) AS by_name ON by_name.name_key = text.folded
    WHERE text.what IN ('change_before', 'change_after')
    GROUP BY text.owner
),
turn_line AS (
    SELECT
        fund.partner_fund_id, fund.manager_id AS stated,
        NULL::DATE AS from_on, NULL::VARCHAR AS was, NULL::VARCHAR AS came, false AS is_change
    FROM partner_fund_at(batch) AS fund
    UNION ALL
    SELECT fund.partner_fund_id, fund.manager_id, fc.effective_on, turn_named.was, turn_named.came, true
    FROM fund_change_at(batch) AS fc
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fc.partner_fund_id
    LEFT JOIN turn_named ON turn_named.owner = fc.row_key
    WHERE fc.kind = 'manager'
),
turn_spell AS (
    SELECT
        turn_line.*,
        lead(from_on) OVER turns AS until_on,
        lead(was) OVER turns AS next_was,
        coalesce(bool_or(came = stated) OVER (PARTITION BY partner_fund_id), false) AS stated_came_later
    FROM turn_line
    WINDOW turns AS (PARTITION BY partner_fund_id ORDER BY from_on NULLS FIRST)
),
turn_held AS (
    SELECT
        partner_fund_id, from_on, until_on,
        CASE
            WHEN NOT is_change AND until_on IS NULL THEN stated
            WHEN NOT is_change AND next_was IS NULL AND stated_came_later THEN NULL
            WHEN NOT is_change THEN coalesce(next_was, stated)
            WHEN came IS NOT NULL THEN came
            WHEN until_on IS NOT NULL THEN next_was
            WHEN was IS DISTINCT FROM stated THEN stated
        END AS who
    FROM turn_spell
)
SELECT
    turn_held.partner_fund_id, turn_held.from_on, turn_held.until_on, firm.manager_id,
    coalesce(firm.name, turn_held.who) AS manager, coalesce(house.house, turn_held.who) AS house
FROM turn_held
LEFT JOIN manager_at(batch) AS firm ON firm.manager_id = turn_held.who
LEFT JOIN house_at(batch) AS house ON house.manager_id = turn_held.who
