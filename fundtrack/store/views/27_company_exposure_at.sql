-- macro company_exposure_at(as_of, batch): 穿透：合作基金资金与引导资金在企业中的分布，按区域（该日有效代码）、行业、阶段、年份、企业、基金 / Look-through: partner funds' and guidance money in companies, by district (code of the day), industry, stage, year, company and fund
-- company_exposure_at.grouped_by: 归集口径：all 合计，district 注册区划，city 城市，operating_district 经营区划，industry_section 行业门类，industry_division 行业大类，stage 阶段，year 投资年份，company 企业，partner_fund_id 合作基金 / By what
-- company_exposure_at.member: 该口径下的代码或编码，空为不详 / The code within it; empty where unknown
-- company_exposure_at.name: 其名称 / Its name
-- company_exposure_at.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- company_exposure_at.companies: 企业家数 / Companies
-- company_exposure_at.investments: 投资笔数 / Investments
-- company_exposure_at.fund_invested: 合作基金投资金额 / Invested by partner funds
-- company_exposure_at.fund_cost: 其中未退出成本 / Cost left
-- company_exposure_at.fund_value: 已估值部分的价值 / Value of the valued
-- company_exposure_at.guidance_invested: 引导资金穿透投资额 / The guidance funds' part of what was invested
-- company_exposure_at.guidance_cost: 引导资金穿透未退出成本 / of the cost left
-- company_exposure_at.guidance_value: 引导资金穿透价值 / of the value of the valued
-- company_exposure_at.unvalued: 无估值的投资笔数 / Investments without a value
-- company_exposure_at.share_unknown: 引导基金占比不详的投资笔数 / Investments of funds whose guidance share is unknown
-- company_exposure_at.fund_share: 占同币种全部投资金额的比例，不详的在内 / Share of all invested in that currency, the unknown too
-- company_exposure_at.share: 占同币种全部穿透投资额的比例 / Share of all guidance money invested in that currency
-- read by: company_exposure, fundtrack.load.agree
CREATE OR REPLACE MACRO company_exposure_at(as_of, batch) AS TABLE
WITH exposure_label AS (
    SELECT
        held.*,
        unnest([
            'all', 'district', 'city', 'operating_district', 'industry_section',
            'industry_division', 'stage', 'year', 'company', 'partner_fund_id'
        ]) AS grouped_by,
        unnest([
            'all', held.district, held.city, held.operating_district, held.industry_section,
            held.industry_division, held.stage, CAST(year(held.invested_on) AS VARCHAR), held.company, held.partner_fund_id
        ]) AS member,
        unnest([
            'all', held.district_name, held.city_name, held.operating_district_name, held.industry_section_name,
            held.industry_division_name, held.stage, CAST(year(held.invested_on) AS VARCHAR), held.company_name, fund.name
        ]) AS member_name
    FROM investment_holding_at(as_of, batch) AS held
    LEFT JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = held.partner_fund_id
),
exposure_sum AS (
    SELECT
        grouped_by, member, member_name, currency,
        count(DISTINCT company) + CASE WHEN count(company) < count(*) THEN 1 ELSE 0 END AS companies,
        count(*) AS investments,
        sum(amount) AS fund_invested, sum(cost_left) AS fund_cost, sum(value_left) AS fund_value,
        sum(guidance_invested) AS guidance_invested, sum(guidance_cost) AS guidance_cost, sum(guidance_value) AS guidance_value,
        count(*) - count(value_left) AS unvalued, count(*) - count(part) AS share_unknown
    FROM exposure_label
    GROUP BY grouped_by, member, member_name, currency
)
SELECT
    grouped_by, member, member_name AS name, currency, companies, investments,
    CAST(fund_invested AS DECIMAL(18, 2)) AS fund_invested, CAST(fund_cost AS DECIMAL(18, 2)) AS fund_cost,
    CAST(fund_value AS DECIMAL(18, 2)) AS fund_value, CAST(guidance_invested AS DECIMAL(18, 2)) AS guidance_invested,
    CAST(guidance_cost AS DECIMAL(18, 2)) AS guidance_cost, CAST(guidance_value AS DECIMAL(18, 2)) AS guidance_value,
    unvalued, share_unknown,
    CAST(fund_invested AS DOUBLE) / nullif(CAST(sum(fund_invested) OVER alike AS DOUBLE), 0) AS fund_share,
    CAST(guidance_invested AS DOUBLE) / nullif(CAST(sum(guidance_invested) OVER alike AS DOUBLE), 0) AS share
FROM exposure_sum
WINDOW alike AS (PARTITION BY grouped_by, currency)
ORDER BY grouped_by, currency, member
