-- macro house_at(batch): 机构所属品牌：品牌名称相同，或统一社会信用代码、登记编号有效且相同，为同一品牌 / The house of each firm: same house name, valid USCC or registration number
-- house_at.manager_id: 机构编码 / Manager
-- house_at.house: 同一品牌各机构中最小的机构编码 / Least manager ID among the firms of one house
-- read by: fund_manager_at
CREATE OR REPLACE MACRO house_at(batch) AS TABLE
WITH RECURSIVE marks AS (
    SELECT owner, CASE what WHEN 'firm_house' THEN 'h' WHEN 'firm_uscc' THEN 'u' ELSE 'c' END || folded AS mark FROM folded_text_at(batch) WHERE valid AND what IN ('firm_house', 'firm_uscc', 'firm_code')
),
links AS (
    SELECT owner AS one, min(owner) OVER (PARTITION BY mark) AS two FROM marks
),
reached AS (
    SELECT manager_id, manager_id AS other FROM manager_at(batch)
    UNION
    SELECT reached.manager_id, CASE WHEN reached.other = links.one THEN links.two ELSE links.one END
    FROM reached JOIN links ON reached.other IN (links.one, links.two)
)
SELECT manager_id, min(other) AS house FROM reached GROUP BY manager_id
