-- view check_return_gap: 规则 RETURN_GAP 的独立复核：返投未达约定，截至各封面最新截至日期 / Rule RETURN_GAP stated a second time in SQL: Reinvestment below what was agreed, as of the newest cover date
-- check_return_gap.rule_id: 规则编码 / Rule
-- check_return_gap.entity: 对象编码 / Entity
-- check_return_gap.occurrence: 事项 / Occurrence
-- check_return_gap.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- check_return_gap.value: 数值 / Value
-- check_return_gap.limit_value: 界限 / Limit
-- check_return_gap.amount: 所涉金额 / Amount at stake
-- check_return_gap.bound_by: 界限出自：agreement 协议，rule 依据，reference 参照 / What bound
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW check_return_gap AS
SELECT * FROM check_return_gap_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
