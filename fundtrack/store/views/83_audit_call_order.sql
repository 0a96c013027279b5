-- view audit_call_order: 审计缴款次序：同批缴款中财政资金与社会资本的到位先后；截至各封面最新截至日期 / Order of payment: guidance money and private money of one call; as of the newest cover date
-- audit_call_order.partner_fund_id: 基金编码 / Partner fund
-- audit_call_order.call_no: 缴款批次 / Call no.
-- audit_call_order.due_on: 应缴日期：同批最早 / Due on, the earliest of the call
-- audit_call_order.guidance_paid_on: 引导基金实缴日期：同批最早 / Guidance fund paid on, the earliest
-- audit_call_order.private_paid_on: 社会资本实缴日期：同批最后一笔，空为均未缴 / Private investors paid on, the last of them; empty where none has
-- audit_call_order.private_due: 社会资本应缴：仅计已到应缴日期的，未填应缴的取实缴 / Due from private investors by that day; what is not stated counts as paid
-- audit_call_order.private_unpaid: 社会资本逾期未缴 / Of which due and unpaid
-- audit_call_order.currency: 币种 / Currency
-- read by: auditors
CREATE OR REPLACE VIEW audit_call_order AS
SELECT * FROM audit_call_order_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
