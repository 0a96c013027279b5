-- macro audit_direction_at(as_of, batch := 'Z'): 审计投向：合作基金逐笔投资的工具、行业、集中度与关联 / Where partner funds invested: instrument, industry, concentration, related parties
-- audit_direction_at.partner_fund_id: 基金编码 / Partner fund
-- audit_direction_at.company: 被投企业 / Company
-- audit_direction_at.on_day: 投资日期 / Invested on
-- audit_direction_at.amount: 投资金额 / Amount
-- audit_direction_at.instrument: 投资工具：股权、可转债、债权、上市股票、担保、不动产、其他 / Instrument, in Chinese
-- audit_direction_at.industry: 行业代码 / Industry
-- audit_direction_at.share_of_fund: 占基金比例 = 该企业未退出成本 ÷ 基金资产；有他币种的为空 / Cost left in the company ÷ assets of the fund; empty where currencies differ
-- audit_direction_at.related_party: 是否关联交易，空为未申明 / Related party; empty where not stated
-- audit_direction_at.flag: 负面清单提示，空为未见 / What a negative list names, empty otherwise
-- audit_direction_at.investment_id: 投资编号 / Investment
-- audit_direction_at.currency: 币种 / Currency
-- audit_direction_at.fund_assets: 基金资产：最近报告的净资产，没有的取实缴，再取认缴 / Assets of the fund: net assets of the newest report, else paid in, else committed
-- audit_direction_at.assets_basis: 基金资产取自 / Where the assets come from
-- read by: audit_direction, auditors
CREATE OR REPLACE MACRO audit_direction_at(as_of, batch := 'Z') AS TABLE
WITH dir_sold AS (
    SELECT ie.investment_id, sum(ie.cost) AS cost
    FROM investment_exit_at(batch) AS ie
    WHERE ie.exited_on <= CAST(as_of AS DATE)
    GROUP BY ie.investment_id
),
dir_made AS (
    SELECT
        made.investment_id, made.partner_fund_id, made.company_id, made.invested_on, made.amount, made.currency,
        made.instrument, made.related_party, fund.currency AS own_currency,
        sum(made.amount - coalesce(dir_sold.cost, 0)) OVER company_of_fund AS cost_left,
        bool_and(made.currency = fund.currency) OVER company_of_fund AS one_currency
    FROM investment_at(batch) AS made
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = made.partner_fund_id
    LEFT JOIN dir_sold ON dir_sold.investment_id = made.investment_id
    WHERE made.invested_on <= CAST(as_of AS DATE)
    WINDOW company_of_fund AS (PARTITION BY made.partner_fund_id, made.company_id)
),
dir_reported AS (
    SELECT DISTINCT ON (p.partner_fund_id) p.partner_fund_id, p.net_assets
    FROM fund_position_at(batch) AS p
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = p.partner_fund_id
    WHERE p.net_assets > 0 AND p.period_end <= CAST(as_of AS DATE) AND coalesce(p.currency, fund.currency) = fund.currency
    ORDER BY p.partner_fund_id, p.period_end DESC, p.preference
),
dir_paid AS (
    SELECT fpi.partner_fund_id, sum(fpi.amount) AS paid
    FROM fund_paid_in_at(batch) AS fpi
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fpi.partner_fund_id
    WHERE fpi.paid_on <= CAST(as_of AS DATE) AND coalesce(fpi.currency, fund.currency) = fund.currency
    GROUP BY fpi.partner_fund_id
),
dir_size AS (
    SELECT opening.partner_fund_id, any_value(opening.opening_size)
        + coalesce(sum(ic.amount) FILTER (WHERE ic.changed_on <= CAST(as_of AS DATE)), 0) AS size
    FROM fund_opening_at(batch) AS opening
    LEFT JOIN investor_change_at(batch) AS ic ON ic.partner_fund_id = opening.partner_fund_id
    GROUP BY opening.partner_fund_id
),
dir_assets AS (
    SELECT
        s.partner_fund_id,
        coalesce(r.net_assets, nullif(p.paid, 0), s.size) AS assets,
        CASE WHEN r.net_assets IS NOT NULL THEN '净资产' WHEN nullif(p.paid, 0) IS NOT NULL THEN '实缴' WHEN s.size IS NOT NULL THEN '认缴' END AS basis
    FROM dir_size AS s
    LEFT JOIN dir_reported AS r ON r.partner_fund_id = s.partner_fund_id
    LEFT JOIN dir_paid AS p ON p.partner_fund_id = s.partner_fund_id
)
SELECT
    m.partner_fund_id, coalesce(firm.name, m.company_id) AS company, m.invested_on AS on_day, m.amount,
    CASE m.instrument
        WHEN 'equity' THEN '股权' WHEN 'convertible' THEN '可转债' WHEN 'debt' THEN '债权' WHEN 'listed' THEN '上市股票'
        WHEN 'guarantee' THEN '担保' WHEN 'property' THEN '不动产' WHEN 'other' THEN '其他'
    END AS instrument,
    firm.industry,
    CASE WHEN m.one_currency THEN CAST(m.cost_left AS DOUBLE) / nullif(CAST(a.assets AS DOUBLE), 0) END AS share_of_fund,
    m.related_party,
    CASE
        WHEN m.instrument = 'listed' THEN '二级市场股票'
        WHEN m.instrument = 'guarantee' THEN '担保'
        WHEN m.instrument = 'property' THEN '不动产'
        WHEN m.instrument = 'debt' THEN '借贷'
        WHEN regexp_matches(trim(firm.industry), '^(K|k)?70') OR firm.industry LIKE '%房地产%' OR upper(trim(firm.industry)) = 'K' THEN '房地产业'
    END AS flag,
    m.investment_id, m.currency, CAST(a.assets AS DECIMAL(18, 2)) AS fund_assets, a.basis AS assets_basis
FROM dir_made AS m
LEFT JOIN company_at(batch) AS firm ON firm.company_id = m.company_id
LEFT JOIN dir_assets AS a ON a.partner_fund_id = m.partner_fund_id
ORDER BY m.partner_fund_id, m.invested_on, m.investment_id
