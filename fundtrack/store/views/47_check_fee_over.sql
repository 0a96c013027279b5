-- view check_fee_over: 规则 FEE_OVER 的独立复核：管理费超约定，截至各封面最新截至日期 / Rule FEE_OVER stated a second time in SQL: Fees above the rate, as of the newest cover date
-- check_fee_over.rule_id: 规则编码 / Rule
-- check_fee_over.entity: 对象编码 / Entity
-- check_fee_over.occurrence: 事项 / Occurrence
-- check_fee_over.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_fee_over.value: 数值 / Value
-- check_fee_over.limit_value: 界限 / Limit
-- check_fee_over.amount: 所涉金额 / Amount at stake
-- check_fee_over.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW check_fee_over AS
SELECT * FROM check_fee_over_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
