-- view check_sum_mismatch: 规则 SUM_MISMATCH 的独立复核：勾稽不符（不含汇率缺失），截至各封面最新截至日期 / Rule SUM_MISMATCH stated a second time in SQL: Figures that must add up (missing exchange rates apart), as of the newest cover date
-- check_sum_mismatch.rule_id: 规则编码 / Rule
-- check_sum_mismatch.entity: 对象编码 / Entity
-- check_sum_mismatch.occurrence: 事项 / Occurrence
-- check_sum_mismatch.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_sum_mismatch.value: 数值 / Value
-- check_sum_mismatch.limit_value: 界限 / Limit
-- check_sum_mismatch.amount: 所涉金额 / Amount at stake
-- check_sum_mismatch.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW check_sum_mismatch AS
SELECT * FROM check_sum_mismatch_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
