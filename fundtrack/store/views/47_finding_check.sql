-- view finding_check: 算术规则的独立复核：截至各封面最新截至日期 / The arithmetic rules in SQL, as of the newest cover date
-- finding_check.rule_id: 规则编码 / Rule
-- finding_check.entity: 对象编码 / Entity
-- finding_check.occurrence: 事项 / Occurrence
-- finding_check.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- finding_check.value: 数值 / Value
-- finding_check.limit_value: 界限 / Limit
-- finding_check.amount: 所涉金额 / Amount at stake
-- finding_check.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW finding_check AS
SELECT * FROM finding_check_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
