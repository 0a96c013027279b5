-- view audit_reinvest: 审计返投：逐笔返投认定与其所依据的投资；截至各封面最新截至日期 / Reinvestment recognised, item by item, with the investment it rests on; as of the newest cover date
-- audit_reinvest.participation_id: 参股编号 / Participation
-- audit_reinvest.company_uscc: 企业统一社会信用代码 / Company's USCC
-- audit_reinvest.investment_id: 投资编号 / Investment
-- audit_reinvest.claimed: 申报金额 / Amount claimed
-- audit_reinvest.recognised: 认定金额 / Amount recognised
-- audit_reinvest.kind: 认定情形 / Ground
-- audit_reinvest.recognised_on: 认定日期 / Recognised on
-- audit_reinvest.evidence: 依据材料，空为未见 / Evidence, empty where none is known
-- audit_reinvest.invested: 投资金额；与参股不同币种的为空 / Amount of the investment; empty where its currency differs
-- audit_reinvest.currency: 币种 / Currency
-- audit_reinvest.company: 企业名称 / Company
-- read by: auditors
CREATE OR REPLACE VIEW audit_reinvest AS
SELECT * FROM audit_reinvest_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
