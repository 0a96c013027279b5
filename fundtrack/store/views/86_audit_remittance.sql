-- view audit_remittance: 审计上缴：收回资金与上缴逐笔对应，先收先缴；截至各封面最新截至日期 / Money back and its remittance, matched first in, first out; as of the newest cover date
-- audit_remittance.participation_id: 参股编号 / Participation
-- audit_remittance.received_on: 收到日期 / Received on
-- audit_remittance.principal: 其中本金，未分列为空 / Of which principal, empty where not split
-- audit_remittance.income: 其中收益，未分列为空 / Of which income, empty where not split
-- audit_remittance.remitted_on: 缴清日期，空为尚未缴清 / Wholly remitted on, empty until then
-- audit_remittance.remitted: 已上缴：本金对回收本金上缴，收益对收益上缴；同一引导基金有未分列的收回时按合计对应 / Remitted: principal against principal and income against income; where a receipt of the guidance fund is not split, total against total
-- audit_remittance.voucher_no: 上缴凭证号：最后一笔对应的 / Voucher of the last remittance that was matched
-- audit_remittance.amount: 收回金额 / Amount received
-- audit_remittance.currency: 币种 / Currency
-- audit_remittance.guidance_fund_id: 引导基金编码 / Guidance fund ID
-- audit_remittance.row_key: 资金往来行键 / Row key of the cash flow
-- read by: auditors
CREATE OR REPLACE VIEW audit_remittance AS
SELECT * FROM audit_remittance_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
