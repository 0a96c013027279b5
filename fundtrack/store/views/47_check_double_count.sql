-- view check_double_count: 规则 DOUBLE_COUNT 的独立复核：同一基金由多只引导基金参股，截至各封面最新截至日期 / Rule DOUBLE_COUNT stated a second time in SQL: One fund under several guidance funds, as of the newest cover date
-- check_double_count.rule_id: 规则编码 / Rule
-- check_double_count.entity: 对象编码 / Entity
-- check_double_count.occurrence: 事项 / Occurrence
-- check_double_count.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_double_count.value: 数值 / Value
-- check_double_count.limit_value: 界限 / Limit
-- check_double_count.amount: 所涉金额 / Amount at stake
-- check_double_count.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW check_double_count AS
SELECT * FROM check_double_count_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
