-- view realised_result: 已实现与未实现：项目投资的退出与留存，合计与各合作基金：截至各封面最新截至日期 / Realised and unrealised: what came back of investments and what is left, in all and per partner fund, as of the newest cover date
-- realised_result.grouped_by: 归集口径：all 合计，partner_fund_id 合作基金 / By what: all, or partner fund
-- realised_result.member: 该口径下的编码；合计为 all / Its ID; all for the total
-- realised_result.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- realised_result.investments: 投资笔数 / Investments
-- realised_result.invested: 投资金额 / Invested
-- realised_result.exit_cost: 累计退出成本；退出为他币种的不计 / Cost of exits; those in another currency left out
-- realised_result.proceeds: 累计退出实收 / Proceeds of exits
-- realised_result.gain_realised: 已实现收益 = 实收 − 退出成本 / Realised gain: proceeds less cost of exits
-- realised_result.cost_left: 未退出成本 / Cost left
-- realised_result.holding_value: 已估值部分的价值；全无估值为空 / Value of the valued; empty where none is
-- realised_result.gain_unrealised: 未实现收益 = 价值 − 未退出成本，仅已估值部分 / Unrealised gain of the valued: value less cost left
-- realised_result.cost_valued: 已估值部分的未退出成本 / Cost left of the valued
-- realised_result.unvalued: 无估值的投资笔数 / Investments without a value
-- realised_result.multiple_realised: 已实现倍数 = 实收 ÷ 退出成本 / Proceeds ÷ cost of exits
-- realised_result.multiple_unrealised: 未实现倍数 = 价值 ÷ 已估值部分的未退出成本 / Value ÷ cost left of the valued
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW realised_result AS
SELECT * FROM realised_result_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
