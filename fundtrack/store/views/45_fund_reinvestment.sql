-- view fund_reinvestment: 各参股的返投与协议口径初创占比：截至各封面最新截至日期 / Reinvestment and early-stage share as agreed, as of the newest cover date
-- fund_reinvestment.participation_id: 参股编号 / Participation
-- fund_reinvestment.guidance_fund_id: 引导基金编码 / Guidance fund
-- fund_reinvestment.partner_fund_id: 基金编码 / Partner fund
-- fund_reinvestment.currency: 币种 / Currency
-- fund_reinvestment.required: 返投要求 = 协议倍数或比例 × 基数 / Required
-- fund_reinvestment.recognised: 返投认定，同一笔投资各参股合计不超过其金额 / Recognised, each yuan once
-- fund_reinvestment.doubled: 超出投资金额而未计的认定 / Recognised beyond the amounts of the investments
-- fund_reinvestment.reinvest_ratio: 认定 ÷ 要求 / Recognised ÷ required
-- fund_reinvestment.uncapped: 未指明同币种投资的认定笔数 / Recognitions whose investment limits nothing
-- fund_reinvestment.early_share: 协议口径初创占比 / Early-stage share on the agreed base
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW fund_reinvestment AS
SELECT * FROM fund_reinvestment_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
