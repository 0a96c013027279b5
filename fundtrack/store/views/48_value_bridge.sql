-- view value_bridge: 净值变动桥：上年同日至该日净资产的变动，各参股、各引导基金和合计，以本币计：截至各封面最新截至日期 / Value bridge: how NAV went from the same day a year before to the day, per participation, guidance fund and in all, in their own currency, as of the newest cover date
-- value_bridge.grouped_by: 归集口径：all 合计，guidance_fund_id 引导基金，participation_id 参股 / By what: all, guidance fund, participation
-- value_bridge.member: 该口径下的编码；合计为 all / Its ID; all for the total
-- value_bridge.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- value_bridge.start_on: 期初日 / First day: its NAV is the opening one
-- value_bridge.end_on: 期末日 / Last day
-- value_bridge.nav_start: 期初净资产；净资产均未知为空 / Opening NAV; empty where none is known
-- value_bridge.calls: 其间缴款 / Calls since
-- value_bridge.distributions: 其间收回 / Distributions since
-- value_bridge.valuation_change: 估值变动 = 期末 − 期初 − 缴款 + 收回 / Valuation change: what calls and distributions do not explain
-- value_bridge.fx_effect: 汇率影响，本币计为零 / FX effect: none in their own currency
-- value_bridge.nav_end: 期末净资产 / Closing NAV
-- value_bridge.known: 两端净资产均已知而计入的参股笔数 / Participations in the sums: NAV known at both ends
-- value_bridge.unknown: 有一端未知而未计入的参股笔数 / Participations left out: a NAV is unknown
-- value_bridge.left_over: 校验 = 期初 + 缴款 − 收回 + 估值变动 + 汇率影响 − 期末，应为 0.00 / Check: what the steps leave over, 0.00
-- value_bridge.oldest_start: 期初净资产的最早日期 / Oldest NAV date at the start
-- value_bridge.oldest_end: 期末净资产的最早日期 / Oldest NAV date at the end
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW value_bridge AS
SELECT * FROM value_bridge_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
