-- macro guidance_stake_at(as_of, batch): 各参股占合作基金实缴的比例，穿透的依据 / What share of its fund's paid-in each participation has paid: what look-through rests on
-- guidance_stake_at.participation_id: 参股编号 / Participation
-- guidance_stake_at.guidance_fund_id: 引导基金编码 / Guidance fund
-- guidance_stake_at.partner_fund_id: 基金编码 / Partner fund
-- guidance_stake_at.part: 引导基金实缴（缴款），币种不同或超过整体为空 / Paid by the guidance fund; empty where currencies differ or it exceeds the whole
-- guidance_stake_at.whole: 全体出资人实缴 / Paid by all investors
-- guidance_stake_at.share: 二者之比 / Their ratio
-- guidance_stake_at.share_source: 来源：ledger 台账，fund_report 只有一笔参股的基金定期报告 / Source: ledger, or the report of a fund with one participation
-- read by: guidance_stake, investment_holding_at, fundtrack.load.agree
CREATE OR REPLACE MACRO guidance_stake_at(as_of, batch) AS TABLE
WITH share_called AS (
    SELECT flow.participation_id, flow.currency, sum(flow.amount) AS called
    FROM cash_flow_at(batch) AS flow
    WHERE flow.kind = 'call' AND flow.occurred_on <= CAST(as_of AS DATE)
    GROUP BY flow.participation_id, flow.currency
),
share_report AS (
    SELECT
        fr.partner_fund_id, fr.guidance_paid_in, fr.paid_in,
        last_day(make_date(
            CAST(substr(fr.period, 1, 4) AS INTEGER),
            CASE substr(fr.period, 5, 1)
                WHEN 'Q' THEN CAST(substr(fr.period, 6, 1) AS INTEGER) * 3
                WHEN 'H' THEN CAST(substr(fr.period, 6, 1) AS INTEGER) * 6
                ELSE 12
            END, 1)) AS day,
        CASE fr.kind WHEN '审计报告' THEN 1 WHEN '年报' THEN 2 WHEN '半年报' THEN 3 ELSE 4 END AS preference
    FROM fund_report_at(batch) AS fr
    JOIN partner_fund_at(batch) AS fund ON fund.partner_fund_id = fr.partner_fund_id
    WHERE fr.paid_in IS NOT NULL AND fr.guidance_paid_in IS NOT NULL
        AND coalesce(fr.currency, fund.currency) = fund.currency
),
share_said AS (
    SELECT partner_fund_id, guidance_paid_in AS said, paid_in AS said_of
    FROM share_report
    WHERE day <= CAST(as_of AS DATE)
    QUALIFY row_number() OVER (PARTITION BY partner_fund_id ORDER BY day DESC, preference) = 1
),
share_row AS (
    SELECT
        stake.participation_id, stake.guidance_fund_id, stake.partner_fund_id, fund.paid_in, share_called.called,
        share_said.said, share_said.said_of,
        coalesce(stake.currency = fund.currency, false) AS own,
        coalesce(stake.currency = fund.currency AND count(*) OVER (PARTITION BY stake.partner_fund_id) = 1
            AND share_said.said <= share_said.said_of AND share_said.said_of > 0, false) AS stated
    FROM participation_at(batch) AS stake
    LEFT JOIN partner_fund_summary_at(as_of, batch) AS fund ON fund.partner_fund_id = stake.partner_fund_id
    LEFT JOIN share_called
        ON share_called.participation_id = stake.participation_id AND share_called.currency = fund.currency
    LEFT JOIN share_said ON share_said.partner_fund_id = stake.partner_fund_id
),
share_part AS (
    SELECT *, CASE WHEN called IS NULL AND NOT stated THEN 0 ELSE called END AS paying FROM share_row
),
share_fit AS (
    SELECT *, own AND coalesce(paying <= paid_in AND paid_in > 0, false) AS fits FROM share_part
),
share_side AS (
    SELECT
        participation_id, guidance_fund_id, partner_fund_id,
        CAST(CASE WHEN fits THEN paying WHEN stated THEN said END AS DECIMAL(18, 2)) AS part,
        CAST(CASE WHEN fits THEN paid_in WHEN stated THEN said_of END AS DECIMAL(18, 2)) AS whole,
        CASE WHEN fits THEN 'ledger' WHEN stated THEN 'fund_report' END AS share_source
    FROM share_fit
)
SELECT
    participation_id, guidance_fund_id, partner_fund_id, part, whole,
    CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0) AS share, share_source
FROM share_side
ORDER BY participation_id
