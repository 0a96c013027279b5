-- macro company_place_at(as_of, batch): 各被投企业该日的区划、城市和行业：按该日有效的 GB/T 2260、GB/T 4754 归集 / District, city and industry of each company by the codes valid on the day
-- company_place_at.company_id: 企业编码 / Company
-- company_place_at.company: 统一社会信用代码有效且相同的各行中最小的企业编码 / Least ID among the rows of one valid USCC
-- company_place_at.company_name: 该企业名称 / Its name
-- company_place_at.district: 注册区划代码（该日有效），不能确定为空 / District registered in, by its code of the day; empty where it cannot be told
-- company_place_at.district_name: 其名称 / Its name
-- company_place_at.city: 所属城市代码 / Its city
-- company_place_at.city_name: 城市名称 / Name of the city
-- company_place_at.operating_district: 经营区划代码（该日有效） / District operating in
-- company_place_at.operating_district_name: 其名称 / Its name
-- company_place_at.industry_section: 行业门类 / Section
-- company_place_at.industry_section_name: 门类名称 / Name of the section
-- company_place_at.industry_division: 行业大类；只写门类的为空 / Division; empty where only the section is given
-- company_place_at.industry_division_name: 大类名称 / Name of the division
-- company_place_at.industry_edition: 所依标准版本 / Edition of the standard
-- read by: investment_holding_at
CREATE OR REPLACE MACRO company_place_at(as_of, batch) AS TABLE
WITH place_known AS (
    SELECT
        row_number() OVER (ORDER BY code, name, valid_from) AS place, code, name, parent,
        valid_from <= CAST(as_of AS DATE) AND coalesce(valid_to >= CAST(as_of AS DATE), true) AS valid_then,
        coalesce(nullif(regexp_replace(name, '(新区|区|县|市)$', ''), ''), name) AS stem,
        code LIKE '%00' AND (code NOT LIKE '%0000' OR name LIKE '%市') AS is_city
    FROM district_at(batch)
),
place_then AS (
    SELECT * FROM place_known WHERE valid_then
    QUALIFY row_number() OVER (PARTITION BY code ORDER BY place DESC) = 1
),
place_above AS (
    SELECT
        known.*, one.name AS name_one, two.name AS name_two,
        CASE WHEN known.is_city THEN known.code WHEN one.is_city THEN one.code WHEN two.is_city THEN two.code END AS city,
        CASE WHEN known.is_city THEN known.name WHEN one.is_city THEN one.name WHEN two.is_city THEN two.name END AS city_name
    FROM place_known AS known
    LEFT JOIN place_then AS one ON one.code = known.parent
    LEFT JOIN place_then AS two ON two.code = one.parent
),
place_path AS (
    -- its name, alone or after those of city and province
    SELECT DISTINCT place, unnest([name, name_one || name, name_two || name, name_two || name_one || name]) AS path
    FROM place_above
),
place_text AS (
    SELECT DISTINCT folded, regexp_matches(folded, '^[0-9]{6}[0-9]*$') AS digits
    FROM folded_text_at(batch)
    WHERE what IN ('company_district', 'company_operating')
),
place_meant AS (
    SELECT place_text.folded, place_known.place
    FROM place_text JOIN place_known ON place_known.code = substr(place_text.folded, 1, 6)
    WHERE place_text.digits
    UNION
    SELECT place_text.folded, place_path.place
    FROM place_text JOIN place_path ON place_path.path = place_text.folded
    WHERE NOT place_text.digits
),
place_direct AS (
    SELECT place_meant.folded, place_meant.place
    FROM place_meant JOIN place_known ON place_known.place = place_meant.place
    WHERE place_known.valid_then
),
place_told AS (
    SELECT folded, place FROM place_direct
    UNION
    -- one of another time: that of the same stem and city that was valid
    SELECT place_meant.folded, kin.place
    FROM place_meant
    JOIN place_known AS other ON other.place = place_meant.place
    JOIN place_known AS kin ON kin.valid_then AND kin.stem = other.stem AND kin.parent IS NOT DISTINCT FROM other.parent
    WHERE place_meant.folded NOT IN (SELECT d.folded FROM place_direct AS d)
),
place_found AS (
    SELECT folded, min(place) AS place
    FROM place_told
    GROUP BY folded
    HAVING count(*) = 1
),
place_read AS (
    SELECT place_found.folded, place_above.code, place_above.name, place_above.city, place_above.city_name
    FROM place_found
    JOIN place_above ON place_above.place = place_found.place
),
line_edition AS (
    SELECT edition, min(valid_from) AS begun_on FROM industry_at(batch) GROUP BY edition
),
line_then AS (
    SELECT edition, begun_on, begun_on <= CAST(as_of AS DATE) AS begun FROM line_edition
),
line_order AS (
    -- the last in force first, then those that came after it, the earliest first
    SELECT
        edition,
        row_number() OVER (
            ORDER BY begun DESC, CASE WHEN begun THEN begun_on END DESC, CASE WHEN begun THEN edition END DESC, begun_on, edition
        ) AS preference
    FROM line_then
),
line_text AS (
    SELECT DISTINCT
        folded,
        nullif(upper(regexp_extract(folded, '^([a-t])?([0-9]{2})?[0-9]{0,2}$', 1)), '') AS letter,
        nullif(regexp_extract(folded, '^([a-t])?([0-9]{2})?[0-9]{0,2}$', 2), '') AS division
    FROM folded_text_at(batch)
    WHERE what = 'company_industry' AND regexp_matches(folded, '^([a-t])?([0-9]{2})?[0-9]{0,2}$')
),
line_read AS (
    SELECT
        line_text.folded, section.code AS section, section.name AS section_name, line_text.division,
        division.name AS division_name, line_order.edition
    FROM line_text
    CROSS JOIN line_order
    LEFT JOIN industry_at(batch) AS division
        ON division.edition = line_order.edition AND division.code = line_text.division
    JOIN industry_at(batch) AS section
        ON section.edition = line_order.edition
        AND section.code = CASE WHEN line_text.division IS NULL THEN line_text.letter ELSE division.parent END
    WHERE coalesce(line_text.letter = section.code, true)
    QUALIFY row_number() OVER (PARTITION BY line_text.folded ORDER BY line_order.preference) = 1
),
company_mark AS (
    SELECT
        co.company_id, spot.folded AS spot_folded, works.folded AS works_folded, line.folded AS line_folded,
        CASE WHEN code.folded IS NULL THEN co.company_id ELSE min(co.company_id) OVER (PARTITION BY code.folded) END AS company
    FROM company_at(batch) AS co
    LEFT JOIN folded_text_at(batch) AS code ON code.owner = co.company_id AND code.what = 'company_uscc' AND code.valid
    LEFT JOIN folded_text_at(batch) AS spot ON spot.owner = co.company_id AND spot.what = 'company_district'
    LEFT JOIN folded_text_at(batch) AS works ON works.owner = co.company_id AND works.what = 'company_operating'
    LEFT JOIN folded_text_at(batch) AS line ON line.owner = co.company_id AND line.what = 'company_industry'
)
SELECT
    company_mark.company_id, company_mark.company, earliest.name AS company_name,
    registered.code AS district, registered.name AS district_name, registered.city, registered.city_name,
    working.code AS operating_district, working.name AS operating_district_name,
    line_read.section AS industry_section, line_read.section_name AS industry_section_name,
    line_read.division AS industry_division, line_read.division_name AS industry_division_name,
    line_read.edition AS industry_edition
FROM company_mark
JOIN company_at(batch) AS earliest ON earliest.company_id = company_mark.company
LEFT JOIN place_read AS registered ON registered.folded = company_mark.spot_folded
LEFT JOIN place_read AS working ON working.folded = company_mark.works_folded
LEFT JOIN line_read ON line_read.folded = company_mark.line_folded
ORDER BY company_mark.company_id
