-- macro audit_remittance_at(as_of, batch := 'Z'): 审计上缴：收回资金与上缴逐笔对应，先收先缴 / Money back and its remittance, matched first in, first out
-- audit_remittance_at.participation_id: 参股编号 / Participation
-- audit_remittance_at.received_on: 收到日期 / Received on
-- audit_remittance_at.principal: 其中本金，未分列为空 / Of which principal, empty where not split
-- audit_remittance_at.income: 其中收益，未分列为空 / Of which income, empty where not split
-- audit_remittance_at.remitted_on: 缴清日期，空为尚未缴清 / Wholly remitted on, empty until then
-- audit_remittance_at.remitted: 已上缴：本金对回收本金上缴，收益对收益上缴；同一引导基金有未分列的收回时按合计对应 / Remitted: principal against principal and income against income; where a receipt of the guidance fund is not split, total against total
-- audit_remittance_at.voucher_no: 上缴凭证号：最后一笔对应的 / Voucher of the last remittance that was matched
-- audit_remittance_at.amount: 收回金额 / Amount received
-- audit_remittance_at.currency: 币种 / Currency
-- audit_remittance_at.guidance_fund_id: 引导基金编码 / Guidance fund ID
-- audit_remittance_at.row_key: 资金往来行键 / Row key of the cash flow
-- read by: audit_remittance, auditors
CREATE OR REPLACE MACRO audit_remittance_at(as_of, batch := 'Z') AS TABLE
WITH remit_back AS (
    SELECT
        mb.*, bool_and(mb.principal IS NOT NULL) OVER (PARTITION BY mb.guidance_fund_id, mb.currency) AS split
    FROM money_back_at(batch) AS mb
    WHERE mb.received_on <= CAST(as_of AS DATE) AND mb.amount > 0
),
remit_claim AS (
    SELECT
        guidance_fund_id, currency, row_key, part, amount,
        sum(amount) OVER (PARTITION BY guidance_fund_id, currency, part ORDER BY received_on, row_key) AS upto
    FROM (
        SELECT guidance_fund_id, currency, row_key, received_on, 'all' AS part, amount FROM remit_back WHERE NOT split
        UNION ALL
        SELECT guidance_fund_id, currency, row_key, received_on, 'principal', least(greatest(principal, 0), amount) FROM remit_back WHERE split
        UNION ALL
        SELECT guidance_fund_id, currency, row_key, received_on, 'income', amount - least(greatest(principal, 0), amount) FROM remit_back WHERE split
    ) AS remit_parts
    WHERE amount > 0
),
remit_fund AS (
    SELECT DISTINCT guidance_fund_id, currency, split FROM remit_back
),
remit_paid AS (
    SELECT
        gf.guidance_fund_id, gf.currency, gf.occurred_on, gf.voucher_no, gf.row_key, gf.amount,
        CASE WHEN NOT f.split THEN 'all' WHEN gf.kind = 'principal_remitted' THEN 'principal' ELSE 'income' END AS part
    FROM guidance_flow_at(batch) AS gf
    JOIN remit_fund AS f ON f.guidance_fund_id = gf.guidance_fund_id AND f.currency = gf.currency
    WHERE gf.kind IN ('principal_remitted', 'income_remitted') AND gf.amount > 0 AND gf.occurred_on <= CAST(as_of AS DATE)
),
remit_sum AS (
    SELECT
        *, sum(amount) OVER (PARTITION BY guidance_fund_id, currency, part ORDER BY occurred_on, row_key) AS upto
    FROM remit_paid
),
remit_match AS (
    SELECT
        c.row_key, p.occurred_on, p.voucher_no, p.row_key AS paid_key,
        least(c.upto, p.upto) - greatest(c.upto - c.amount, p.upto - p.amount) AS matched
    FROM remit_claim AS c
    JOIN remit_sum AS p
        ON p.guidance_fund_id = c.guidance_fund_id AND p.currency = c.currency AND p.part = c.part
        AND p.upto > c.upto - c.amount AND p.upto - p.amount < c.upto
),
remit_done AS (
    SELECT
        row_key, sum(matched) AS remitted, max(occurred_on) AS last_on,
        arg_max(voucher_no, (occurred_on, paid_key)) AS voucher_no
    FROM remit_match
    GROUP BY row_key
)
SELECT
    b.participation_id, b.received_on, b.principal, b.income,
    CASE WHEN d.remitted = b.amount THEN d.last_on END AS remitted_on,
    CAST(coalesce(d.remitted, 0) AS DECIMAL(18, 2)) AS remitted,
    d.voucher_no, b.amount, b.currency, b.guidance_fund_id, b.row_key
FROM remit_back AS b
LEFT JOIN remit_done AS d ON d.row_key = b.row_key
ORDER BY b.guidance_fund_id, b.currency, b.received_on, b.row_key
