-- macro audit_idle_at(as_of, batch := 'Z'): 审计闲置：引导基金出资后合作基金的投资与账面资金 / Idle money: what partner funds did with the guidance money they were paid
-- audit_idle_at.partner_fund_id: 基金编码 / Partner fund
-- audit_idle_at.name: 基金名称 / Name
-- audit_idle_at.guidance_paid_on: 引导基金首次出资日期 / First paid by a guidance fund on
-- audit_idle_at.guidance_paid: 引导基金出资 / Paid by guidance funds
-- audit_idle_at.first_investment_on: 首次投资日期，空为尚未投资 / First investment, empty before any
-- audit_idle_at.invested: 已投金额；有他币种投资为空 / Invested; empty where an investment is in another currency
-- audit_idle_at.cash: 货币资金（含理财），最近报告所载 / Cash, wealth products included, of the newest report that states it
-- audit_idle_at.cash_on: 货币资金日期 / Day of that report
-- audit_idle_at.idle_days: 闲置天数：最近投资之后最早一笔引导基金出资至该日（已注销的至注销日）；其后已有投资的为0 / Days since the first guidance payment that no investment has followed (until the fund's dissolution); 0 where all were followed
-- audit_idle_at.idle_ratio: 闲置率 = 货币资金 ÷ 同期实缴 / Cash ÷ paid in, of the same report
-- audit_idle_at.idle_since: 闲置起始日期 / Idle since
-- audit_idle_at.idle_paid: 闲置涉及的引导基金出资 / Guidance money paid since then
-- audit_idle_at.currency: 币种 / Currency
-- read by: audit_idle, auditors
CREATE OR REPLACE MACRO audit_idle_at(as_of, batch := 'Z') AS TABLE
WITH idle_call AS (
    SELECT stake.partner_fund_id, flow.occurred_on, flow.amount
    FROM cash_flow_at(batch) AS flow
    JOIN participation_at(batch) AS stake ON stake.participation_id = flow.participation_id
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    WHERE flow.kind = 'call' AND flow.amount > 0 AND flow.occurred_on <= CAST(as_of AS DATE) AND flow.currency = fund.currency
),
idle_invested AS (
    SELECT
        made.partner_fund_id, min(made.invested_on) AS first_on, max(made.invested_on) AS last_on,
        CASE WHEN bool_and(made.currency = fund.currency) THEN sum(made.amount) END AS invested
    FROM investment_at(batch) AS made
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = made.partner_fund_id
    WHERE made.invested_on <= CAST(as_of AS DATE)
    GROUP BY made.partner_fund_id
),
idle_cash AS (
    SELECT DISTINCT ON (p.partner_fund_id) p.partner_fund_id, p.cash, p.paid_in, p.period_end
    FROM fund_position_at(batch) AS p
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = p.partner_fund_id
    WHERE p.cash IS NOT NULL AND p.period_end <= CAST(as_of AS DATE) AND coalesce(p.currency, fund.currency) = fund.currency
    ORDER BY p.partner_fund_id, p.period_end DESC, p.preference
),
idle_dissolved AS (
    SELECT fc.partner_fund_id, min(fc.effective_on) AS dissolved_on
    FROM fund_change_at(batch) AS fc
    WHERE fc.kind = 'dissolved' AND fc.effective_on <= CAST(as_of AS DATE)
    GROUP BY fc.partner_fund_id
),
idle_paid AS (
    SELECT
        c.partner_fund_id, min(c.occurred_on) AS first_on, sum(c.amount) AS paid,
        min(c.occurred_on) FILTER (WHERE coalesce(c.occurred_on > i.last_on, true)) AS since,
        sum(c.amount) FILTER (WHERE coalesce(c.occurred_on > i.last_on, true)) AS paid_since
    FROM idle_call AS c
    LEFT JOIN idle_invested AS i ON i.partner_fund_id = c.partner_fund_id
    GROUP BY c.partner_fund_id
)
SELECT
    p.partner_fund_id, n.name, p.first_on AS guidance_paid_on, CAST(p.paid AS DECIMAL(18, 2)) AS guidance_paid,
    i.first_on AS first_investment_on,
    CASE WHEN i.partner_fund_id IS NULL THEN CAST(0 AS DECIMAL(18, 2)) ELSE CAST(i.invested AS DECIMAL(18, 2)) END AS invested,
    held.cash, held.period_end AS cash_on,
    CAST(greatest(coalesce(coalesce(d.dissolved_on, CAST(as_of AS DATE)) - p.since, 0), 0) AS INTEGER) AS idle_days,
    CAST(held.cash AS DOUBLE) / nullif(CAST(held.paid_in AS DOUBLE), 0) AS idle_ratio,
    p.since AS idle_since, CAST(coalesce(p.paid_since, 0) AS DECIMAL(18, 2)) AS idle_paid, fund.currency
FROM idle_paid AS p
JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = p.partner_fund_id
JOIN fund_name_at(as_of, batch) AS n ON n.partner_fund_id = p.partner_fund_id
LEFT JOIN idle_invested AS i ON i.partner_fund_id = p.partner_fund_id
LEFT JOIN idle_cash AS held ON held.partner_fund_id = p.partner_fund_id
LEFT JOIN idle_dissolved AS d ON d.partner_fund_id = p.partner_fund_id
ORDER BY p.partner_fund_id
