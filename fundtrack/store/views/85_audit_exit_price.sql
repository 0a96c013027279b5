-- view audit_exit_price: 审计退出价款：转让、回购的价款与协议约定的最低价款；截至各封面最新截至日期 / Price of exits by transfer or buy-back, and the least that was agreed; as of the newest cover date
-- audit_exit_price.participation_id: 参股编号 / Participation
-- audit_exit_price.exit_on: 退出日期 / Exit on
-- audit_exit_price.buyer: 受让方 / Buyer
-- audit_exit_price.cost_basis: 原始出资：所转让部分 / Cost of what was sold
-- audit_exit_price.held_days: 持有天数：退出前各次缴款距退出日的天数，按金额加权 / Days held: from each call before the exit, weighted by amount
-- audit_exit_price.concession_kind: 让利方式 / Concession agreed
-- audit_exit_price.rate: 计息年利率，让利期内按原值的为空 / Rate of interest a year; empty within the concession years
-- audit_exit_price.rate_source: 最低价款依据 / Where the least price comes from
-- audit_exit_price.floor_price: 最低价款 = 原始出资 ×（1 + 利率 × 持有天数 ÷ 365）；让利期内即原始出资；缺利率为空 / Least price: cost and simple interest; within the concession years the cost; empty where the rate is not known
-- audit_exit_price.proceeds: 退出价款 / Proceeds
-- audit_exit_price.currency: 币种 / Currency
-- audit_exit_price.first_paid_on: 首次缴款日期 / First called on
-- audit_exit_price.rate_on: 利率日期 / Day of the rate
-- audit_exit_price.rule_force: 依据效力 / 依据 binds, 参照 only hints
-- read by: auditors
CREATE OR REPLACE VIEW audit_exit_price AS
SELECT * FROM audit_exit_price_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
