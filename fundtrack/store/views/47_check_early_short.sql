-- view check_early_short: 规则 EARLY_SHORT 的独立复核：初创期投资占比不足，截至各封面最新截至日期 / Rule EARLY_SHORT stated a second time in SQL: Early-stage share too low, as of the newest cover date
-- check_early_short.rule_id: 规则编码 / Rule
-- check_early_short.entity: 对象编码 / Entity
-- check_early_short.occurrence: 事项 / Occurrence
-- check_early_short.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_early_short.value: 数值 / Value
-- check_early_short.limit_value: 界限 / Limit
-- check_early_short.amount: 所涉金额 / Amount at stake
-- check_early_short.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW check_early_short AS
SELECT * FROM check_early_short_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
