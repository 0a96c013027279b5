-- macro audit_reinvest_at(as_of, batch := 'Z'): 审计返投：逐笔返投认定与其所依据的投资 / Reinvestment recognised, item by item, with the investment it rests on
-- audit_reinvest_at.participation_id: 参股编号 / Participation
-- audit_reinvest_at.company_uscc: 企业统一社会信用代码 / Company's USCC
-- audit_reinvest_at.investment_id: 投资编号 / Investment
-- audit_reinvest_at.claimed: 申报金额 / Amount claimed
-- audit_reinvest_at.recognised: 认定金额 / Amount recognised
-- audit_reinvest_at.kind: 认定情形 / Ground
-- audit_reinvest_at.recognised_on: 认定日期 / Recognised on
-- audit_reinvest_at.evidence: 依据材料，空为未见 / Evidence, empty where none is known
-- audit_reinvest_at.invested: 投资金额；与参股不同币种的为空 / Amount of the investment; empty where its currency differs
-- audit_reinvest_at.currency: 币种 / Currency
-- audit_reinvest_at.company: 企业名称 / Company
-- read by: audit_reinvest, auditors
CREATE OR REPLACE MACRO audit_reinvest_at(as_of, batch := 'Z') AS TABLE
SELECT
    said.participation_id, firm.uscc AS company_uscc, said.investment_id, said.claimed, said.recognised, said.basis AS kind,
    said.recognised_on, nullif(trim(said.evidence), '') AS evidence,
    CASE WHEN made.currency = stake.currency THEN made.amount END AS invested,
    stake.currency, coalesce(firm.name, said.company_id) AS company
FROM reinvestment_at(batch) AS said
JOIN participation_at(batch) AS stake ON stake.participation_id = said.participation_id
LEFT JOIN company_at(batch) AS firm ON firm.company_id = said.company_id
LEFT JOIN investment_at(batch) AS made ON made.investment_id = said.investment_id
WHERE said.recognised_on <= CAST(as_of AS DATE)
ORDER BY said.participation_id, said.recognised_on, said.row_key
