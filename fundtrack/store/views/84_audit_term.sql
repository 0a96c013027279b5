-- view audit_term: 审计到期：合作基金存续期、展期与引导基金尚未收回的出资；截至各封面最新截至日期 / Term of each partner fund, its extension, and guidance money not yet back; as of the newest cover date
-- audit_term.partner_fund_id: 基金编码 / Partner fund
-- audit_term.name: 基金名称 / Name
-- audit_term.term_end: 存续期截止：展期前的 / Term ends, before any extension
-- audit_term.extended_to: 展期至，空为未展期 / Extended to, empty without extension
-- audit_term.approval_no: 展期批复文号，空为未见 / Approval number of the extension, empty where none is known
-- audit_term.liquidated_on: 清算日期：进入清算、提前终止或注销的最早日期 / In liquidation, ended early or dissolved on, the earliest
-- audit_term.guidance_residual_cost: 引导基金未收回出资 = 出资 − 收回的原始出资；有未分列的收回为空 / Paid in less cost given back; empty where a receipt is not split
-- audit_term.currency: 币种 / Currency
-- audit_term.extended_on: 展期生效日期 / Extension in force from
-- read by: auditors
CREATE OR REPLACE VIEW audit_term AS
SELECT * FROM audit_term_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
