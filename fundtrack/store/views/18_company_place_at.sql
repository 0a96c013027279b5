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
WITH company_text AS (
    SELECT what, owner, folded, valid FROM folded_text_at(batch) WHERE what LIKE 'company_%'
),
place_known AS (
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
    -- its code, or its name, alone or after those of city and province
    SELECT DISTINCT
        place, stem, parent,
        unnest([code, name, name_one || name, name_two || name, name_two || name_one || name]) AS path
    FROM place_above
),
place_text AS (
    SELECT DISTINCT
        folded, CASE WHEN regexp_matches(folded, '^[0-9]{6}[0-9]*$') THEN substr(folded, 1, 6) ELSE folded END AS path
    FROM company_text
    WHERE what IN ('company_district', 'company_operating')
),
place_told AS (
    -- the one meant that is valid; else the one of the same stem and city that is
    SELECT
        place_text.folded,
        count(DISTINCT kin.place) FILTER (place_path.place = kin.place) AS direct,
        count(DISTINCT kin.place) AS kindred,
        arg_min(kin.code, kin.place) FILTER (place_path.place = kin.place) AS direct_code,
        arg_min(kin.name, kin.place) FILTER (place_path.place = kin.place) AS direct_name,
        arg_min(kin.city, kin.place) FILTER (place_path.place = kin.place) AS direct_city,
        arg_min(kin.city_name, kin.place) FILTER (place_path.place = kin.place) AS direct_city_name,
        min(kin.code) AS code, min(kin.name) AS name, min(kin.city) AS city, min(kin.city_name) AS city_name
    FROM place_text
    JOIN place_path ON place_path.path = place_text.path
    JOIN place_above AS kin
        ON kin.valid_then AND kin.stem = place_path.stem AND kin.parent IS NOT DISTINCT FROM place_path.parent
    GROUP BY place_text.folded
),
place_read AS (
    SELECT
        folded,
        CASE direct WHEN 0 THEN code ELSE direct_code END AS code,
        CASE direct WHEN 0 THEN name ELSE direct_name END AS name,
        CASE direct WHEN 0 THEN city ELSE direct_city END AS city,
        CASE direct WHEN 0 THEN city_name ELSE direct_city_name END AS city_name
    FROM place_told
    WHERE direct = 1 OR (direct = 0 AND kindred = 1)
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
    FROM company_text
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
company_read AS (
    SELECT
        company_text.owner AS company_id,
        min(company_text.folded) FILTER (company_text.what = 'company_uscc' AND company_text.valid) AS mark,
        min(place_read.code) FILTER (company_text.what = 'company_district') AS district,
        min(place_read.name) FILTER (company_text.what = 'company_district') AS district_name,
        min(place_read.city) FILTER (company_text.what = 'company_district') AS city,
        min(place_read.city_name) FILTER (company_text.what = 'company_district') AS city_name,
        min(place_read.code) FILTER (company_text.what = 'company_operating') AS operating_district,
        min(place_read.name) FILTER (company_text.what = 'company_operating') AS operating_district_name,
        min(line_read.section) FILTER (company_text.what = 'company_industry') AS industry_section,
        min(line_read.section_name) FILTER (company_text.what = 'company_industry') AS industry_section_name,
        min(line_read.division) FILTER (company_text.what = 'company_industry') AS industry_division,
        min(line_read.division_name) FILTER (company_text.what = 'company_industry') AS industry_division_name,
        min(line_read.edition) FILTER (company_text.what = 'company_industry') AS industry_edition
    FROM company_text
    LEFT JOIN place_read ON place_read.folded = company_text.folded
    LEFT JOIN line_read ON line_read.folded = company_text.folded
    GROUP BY company_text.owner
),
company_one AS (
    SELECT
        company_read.* EXCLUDE (company_id), co.company_id, co.name AS own_name,
        coalesce('mark ' || company_read.mark, 'id ' || co.company_id) AS entity
    FROM company_at(batch) AS co
    LEFT JOIN company_read ON company_read.company_id = co.company_id
)
SELECT
    company_id,
    min(company_id) OVER alike AS company,
    first_value(own_name) OVER (PARTITION BY entity ORDER BY company_id) AS company_name,
    district, district_name, city, city_name, operating_district, operating_district_name,
    industry_section, industry_section_name, industry_division, industry_division_name, industry_edition
FROM company_one
WINDOW alike AS (PARTITION BY entity)
ORDER BY company_id
