-- table reported_return: 管理人报告的收益与重算收益对照，均以报告期末计，发布时由主引擎计算，截至默认日期 / Returns as managers report them beside those recomputed for the same day, computed at publishing, as of the default date
-- reported_return.partner_fund_id: 基金编码 / Partner fund
-- reported_return.reported_on: 报告期末 / End of the period reported
-- reported_return.kind: 报告类型 / Kind of report
-- reported_return.irr_reported: 报告内部收益率 / Reported IRR
-- reported_return.irr_gross: 重算毛内部收益率 / Gross IRR recomputed
-- reported_return.verdict: 内部收益率的判定：ok、not_annualised、no_sign_change、too_short、multiple_roots、no_root / Verdict of the IRR
-- reported_return.period_return: 不足一年的期间收益率 / Return of the period, under one year
-- reported_return.irr_difference: 差异 = 报告 − 重算 / Reported less recomputed
-- reported_return.multiple_reported: 报告回报倍数 / Reported multiple
-- reported_return.moic: 重算回报倍数 / Multiple recomputed
-- reported_return.multiple_difference: 倍数差异 = 报告 − 重算 / Multiple reported less recomputed
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE reported_return (
    partner_fund_id VARCHAR,
    reported_on DATE,
    kind VARCHAR,
    irr_reported DOUBLE,
    irr_gross DOUBLE,
    verdict VARCHAR,
    period_return DOUBLE,
    irr_difference DOUBLE,
    multiple_reported DOUBLE,
    moic DOUBLE,
    multiple_difference DOUBLE
)
