-- view guidance_stake: 各参股占合作基金实缴的比例：截至各封面最新截至日期 / Each participation's share of its fund's paid-in, as of the newest cover date
-- guidance_stake.participation_id: 参股编号 / Participation
-- guidance_stake.guidance_fund_id: 引导基金编码 / Guidance fund
-- guidance_stake.partner_fund_id: 基金编码 / Partner fund
-- guidance_stake.part: 引导基金实缴（缴款），币种不同或超过整体为空 / Paid by the guidance fund; empty where currencies differ or it exceeds the whole
-- guidance_stake.whole: 全体出资人实缴 / Paid by all investors
-- guidance_stake.share: 二者之比 / Their ratio
-- guidance_stake.share_source: 来源：ledger 台账，fund_report 只有一笔参股的基金定期报告 / Source: ledger, or the report of a fund with one participation
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW guidance_stake AS
SELECT * FROM guidance_stake_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
