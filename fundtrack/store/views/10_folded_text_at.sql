-- macro folded_text_at(batch): 名称与编码的规范化写法及编码是否有效 / Names and codes in the form in which two spellings meet, and whether a code is valid
-- folded_text_at.what: 用途：fund_uscc、fund_code、firm_uscc、firm_code、firm_house、change_before、change_after、company_uscc、company_district、company_operating、company_industry / What it serves
-- folded_text_at.owner: 所属行：基金、机构、企业编码或基金变更行键 / The fund, the firm, the company, or the row key of the fund change
-- folded_text_at.written: 原文 / As written
-- folded_text_at.folded: 规范化：半角、小写、去空格、去尾部（有限合伙） / Half width, lower case, no spaces, no trailing (limited partnership)
-- folded_text_at.valid: 统一社会信用代码校验位正确（GB 32100）或协会编码格式正确 / USCC with right check digit, or an Association code of right form
-- read by: fund_entity_at, house_at, fund_manager_at, company_place_at
CREATE OR REPLACE MACRO folded_text_at(batch) AS TABLE
WITH text_written AS (
    SELECT 'fund_uscc' AS what, partner_fund_id AS owner, uscc AS written FROM partner_fund_at(batch)
    UNION ALL
    SELECT 'fund_code', partner_fund_id, amac_code FROM partner_fund_at(batch)
    UNION ALL
    SELECT 'firm_uscc', manager_id, uscc FROM manager_at(batch)
    UNION ALL
    SELECT 'firm_code', manager_id, amac_no FROM manager_at(batch)
    UNION ALL
    SELECT 'firm_house', manager_id, group_name FROM manager_at(batch)
    UNION ALL
    SELECT 'change_before', row_key, "before" FROM fund_change_at(batch) WHERE kind = 'manager'
    UNION ALL
    SELECT 'change_after', row_key, "after" FROM fund_change_at(batch) WHERE kind = 'manager'
    UNION ALL
    SELECT 'company_uscc', company_id, uscc FROM company_at(batch)
    UNION ALL
    SELECT 'company_district', company_id, district FROM company_at(batch)
    UNION ALL
    SELECT 'company_operating', company_id, operating_district FROM company_at(batch)
    UNION ALL
    SELECT 'company_industry', company_id, industry FROM company_at(batch)
),
text_folded AS (
    SELECT
        what, owner, written,
        nullif(regexp_replace(regexp_replace(translate(written,
            '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～ABCDEFGHIJKLMNOPQRSTUVWXYZ【】—·•',
            '!"#$%&''()*+,-./0123456789:;<=>?@abcdefghijklmnopqrstuvwxyz[\]^_`abcdefghijklmnopqrstuvwxyz{|}~abcdefghijklmnopqrstuvwxyz[]-..'
        ), '[ \t\r\n\x{a0}\x{3000}]', '', 'g'), '\((有限合伙|limitedpartnership|l\.?p\.?)\)$', ''), '') AS folded
    FROM text_written
    WHERE written IS NOT NULL
),
text_weight(place, weight) AS (
    VALUES (1, 1), (2, 3), (3, 9), (4, 27), (5, 19), (6, 26), (7, 16), (8, 17), (9, 20), (10, 29), (11, 25),
           (12, 13), (13, 8), (14, 24), (15, 10), (16, 30), (17, 28), (18, 1)
),
text_checked AS (
    SELECT DISTINCT folded
    FROM text_folded CROSS JOIN text_weight
    WHERE what IN ('fund_uscc', 'firm_uscc', 'company_uscc') AND regexp_matches(folded, '^9[1239][0-9]{6}[0-9a-hj-npqrtuwxy]{10}$')
    GROUP BY what, owner, folded
    HAVING sum(weight * (instr('0123456789abcdefghjklmnpqrtuwxy', substr(folded, place, 1)) - 1)) % 31 = 0
)
SELECT
    what, owner, written, folded,
    CASE what
        WHEN 'fund_code' THEN regexp_matches(folded, '^s[0-9a-z]{5}$')
        WHEN 'firm_code' THEN regexp_matches(folded, '^p[0-9]{7}$')
        WHEN 'firm_house' THEN true
        WHEN 'fund_uscc' THEN folded IN (SELECT c.folded FROM text_checked AS c)
        WHEN 'firm_uscc' THEN folded IN (SELECT c.folded FROM text_checked AS c)
        WHEN 'company_uscc' THEN folded IN (SELECT c.folded FROM text_checked AS c)
        ELSE false
    END AS valid
FROM text_folded
WHERE folded IS NOT NULL
