-- view audit_stake: 审计参股比例：各参股按认缴、按实缴的占比、上限与其依据；截至各封面最新截至日期 / Stake of each participation, on commitments and on money paid, with its cap and where the cap comes from; as of the newest cover date
-- audit_stake.partner_fund_id: 基金编码 / Partner fund
-- audit_stake.name: 基金名称 / Name
-- audit_stake.on_day: 计量日期 / Measured on
-- audit_stake.basis: 计量口径：认缴或实缴 / Basis: 认缴 committed, 实缴 paid in
-- audit_stake.guidance: 引导基金出资：认缴取出资人表，未列的取协议认缴；实缴取基金实缴表，未列的取资金往来 / Of the guidance fund: from the investors' list, else as agreed; paid in from the fund's list, else its own calls
-- audit_stake.public_all: 全部财政出资：各级引导基金与其他财政资金 / All public money: guidance funds and other public money
-- audit_stake.total: 基金合计；实缴表未列引导基金而其已出资的为空 / Of the whole fund; empty where the list of payments leaves the guidance fund out
-- audit_stake.largest_other: 其他出资人中最大一家；未列出资人的为空 / Largest other investor; empty without a list of investors
-- audit_stake.cap: 比例上限 / Cap on the share
-- audit_stake.rule_source: 上限依据 / Where the cap comes from
-- audit_stake.rule_force: 依据效力：依据为约束性，参照仅作提示 / 依据 binds, 参照 only hints
-- audit_stake.participation_id: 参股编号 / Participation
-- audit_stake.currency: 币种 / Currency
-- read by: auditors
CREATE OR REPLACE VIEW audit_stake AS
SELECT * FROM audit_stake_at((SELECT max(c.as_of) FROM cover AS c), batch := (SELECT max(b.batch_id) FROM batch AS b))
