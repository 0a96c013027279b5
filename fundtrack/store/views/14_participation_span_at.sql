-- macro participation_span_at(batch): 各参股自何日起计入、自何日起不再计入 / From which day each participation counts, and from which it no longer does
-- participation_span_at.participation_id: 参股编号 / Participation
-- participation_span_at.partner_fund_id: 基金编码 / Partner fund
-- participation_span_at.entity_id: 同一基金代号 / The fund as one entity
-- participation_span_at.guidance_fund_id: 引导基金编码 / Guidance fund
-- participation_span_at.programme: 创投或天使引导基金参股 / Of a venture or angel guidance fund
-- participation_span_at.signed_on: 协议日期 / Agreement signed on
-- participation_span_at.counts_from: 设立日期与协议日期孰晚 / The later of establishment and agreement
-- participation_span_at.void_from: 引导资金实缴前即终止的，其终止日期 / Day it ended, where no guidance money had been paid
-- read by: progress_at, partner_fund_summary_at
CREATE OR REPLACE MACRO participation_span_at(batch) AS TABLE
WITH span_paid AS (
    SELECT participation_id, occurred_on AS paid_day
    FROM cash_flow_at(batch)
    WHERE kind IN ('call', 'fee_outside') AND amount > 0 AND occurred_on IS NOT NULL
    UNION ALL
    SELECT stake.participation_id, fpi.paid_on
    FROM fund_paid_in_at(batch) AS fpi
    JOIN participation_at(batch) AS stake USING (partner_fund_id, guidance_fund_id)
    WHERE fpi.amount > 0 AND fpi.paid_on IS NOT NULL
)
SELECT
    stake.participation_id, stake.partner_fund_id, entity.entity_id, stake.guidance_fund_id,
    coalesce(guidance.kind IN ('venture', 'angel'), false) AS programme,
    stake.signed_on,
    CASE
        WHEN entity.set_up_on IS NULL OR stake.signed_on IS NULL THEN NULL
        ELSE greatest(entity.set_up_on, stake.signed_on)
    END AS counts_from,
    CASE
        WHEN NOT EXISTS (
            FROM span_paid WHERE span_paid.participation_id = stake.participation_id AND span_paid.paid_day <= stake.dropped_on
        ) THEN stake.dropped_on
    END AS void_from
FROM participation_at(batch) AS stake
JOIN fund_entity_at(batch) AS entity USING (partner_fund_id)
LEFT JOIN guidance_fund_at(batch) AS guidance USING (guidance_fund_id)
