-- macro fund_opening_at(batch): 各合作基金设立时的认缴规模，及同一基金各行中由哪一行代表 / Committed size at establishment, and which row speaks for the fund
-- fund_opening_at.partner_fund_id: 基金编码 / Partner fund
-- fund_opening_at.entity_id: 同一基金代号 / The fund as one entity
-- fund_opening_at.set_up_on: 最早设立日期 / Earliest establishment known
-- fund_opening_at.currency: 币种 / Currency
-- fund_opening_at.opening_size: 设立时认缴规模；未填的取设立时各出资人合计 / Committed at establishment; where empty, its investors' sum
-- fund_opening_at.principal: 代表该基金的一行：规模已知的优先，其次编码最小 / Speaks for the fund: known size first, then least ID
-- read by: progress_at, partner_fund_summary_at
CREATE OR REPLACE MACRO fund_opening_at(batch) AS TABLE
WITH open_size AS (
    SELECT
        fund.partner_fund_id, entity.entity_id, entity.set_up_on, fund.currency,
        coalesce(any_value(fund.committed_size), sum(ic.amount) FILTER (WHERE ic.changed_on IS NULL)) AS opening_size
    FROM partner_fund_at(batch) AS fund
    JOIN fund_entity_at(batch) AS entity ON entity.partner_fund_id = fund.partner_fund_id
    LEFT JOIN investor_change_at(batch) AS ic ON ic.partner_fund_id = fund.partner_fund_id
    GROUP BY fund.partner_fund_id, entity.entity_id, entity.set_up_on, fund.currency
)
SELECT
    partner_fund_id, entity_id, set_up_on, currency, opening_size,
    row_number() OVER (PARTITION BY entity_id ORDER BY opening_size IS NULL, partner_fund_id) = 1 AS principal
FROM open_size
