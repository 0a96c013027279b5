-- macro house_at(batch): 机构所属品牌：品牌名称相同，或统一社会信用代码、登记编号有效且相同，为同一品牌 / The house of each firm: same house name, valid USCC or registration number
-- house_at.manager_id: 机构编码 / Manager
-- house_at.house: 同一品牌各机构中最小的机构编码 / Least manager ID among the firms of one house
-- read by: fund_manager_at
CREATE OR REPLACE MACRO house_at(batch) AS TABLE
WITH RECURSIVE house_marks AS (
    SELECT owner, CASE what WHEN 'firm_house' THEN 'h' WHEN 'firm_uscc' THEN 'u' ELSE 'c' END || folded AS mark FROM folded_text_at(batch) WHERE valid AND what IN ('firm_house', 'firm_uscc', 'firm_code')
),
house_links AS (
    SELECT owner AS one, min(owner) OVER (PARTITION BY mark) AS two FROM house_marks
),
house_reached AS (
    SELECT manager_id, manager_id AS other FROM manager_at(batch)
    UNION
    SELECT house_reached.manager_id, CASE WHEN house_reached.other = house_links.one THEN house_links.two ELSE house_links.one END
    FROM house_reached JOIN house_links ON house_reached.other IN (house_links.one, house_links.two)
)
SELECT manager_id, min(other) AS house FROM house_reached GROUP BY manager_id
