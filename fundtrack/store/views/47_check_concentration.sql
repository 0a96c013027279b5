-- view check_concentration: 规则 CONCENTRATION 的独立复核：单个企业投资占比过高，截至各封面最新截至日期 / Rule CONCENTRATION stated a second time in SQL: Too much in one company, as of the newest cover date
-- check_concentration.rule_id: 规则编码 / Rule
-- check_concentration.entity: 对象编码 / Entity
-- check_concentration.occurrence: 事项 / Occurrence
-- check_concentration.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_concentration.value: 数值 / Value
-- check_concentration.limit_value: 界限 / Limit
-- check_concentration.amount: 所涉金额 / Amount at stake
-- check_concentration.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW check_concentration AS
SELECT * FROM check_concentration_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
