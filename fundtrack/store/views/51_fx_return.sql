-- table fx_return: 外币参股折人民币的收益：本币收益、汇率影响与交叉项，发布时由主引擎计算，截至默认日期 / Returns of participations in another currency, in yuan: local return, FX effect and cross term, computed at publishing, as of the default date
-- fx_return.participation_id: 参股编号 / Participation
-- fx_return.currency: 本币 / Its own currency
-- fx_return.converted_into: 折算为 / Converted into
-- fx_return.paid_in: 累计出资（本币） / Paid in, own currency
-- fx_return.total_value: 收回与净资产合计（本币） / Distributed and NAV, own currency
-- fx_return.gain: 收益（本币） / Gain, own currency
-- fx_return.paid_in_converted: 累计出资，逐笔按当日汇率折算 / Paid in, each flow at its day's rate
-- fx_return.value_converted: 收回与净资产，逐笔折算 / Distributed and NAV converted
-- fx_return.gain_converted: 收益，折算后 / Gain converted
-- fx_return.local_part: 其中本币收益部分 / Of which local
-- fx_return.fx_part: 其中汇率部分 / Of which by the rate
-- fx_return.cross_part: 其中交叉部分 / Of which across both
-- fx_return.rate_in: 出资平均汇率 / Average rate at which money went out
-- fx_return.rate_out: 价值平均汇率 / Average rate of the value
-- fx_return.return_local: 本币收益率 / Local return
-- fx_return.return_fx: 汇率收益率 / FX return
-- fx_return.return_cross: 交叉项 / Cross term
-- fx_return.return_total: 人民币总收益率 / Total return in yuan
-- fx_return.irr_local: 本币内部收益率 / IRR in its own currency
-- fx_return.irr_converted: 人民币内部收益率 / IRR in yuan
-- fx_return.irr_fx: 汇率对内部收益率的影响 / What the rate did to the IRR
-- fx_return.nav_rate: 净资产折算汇率 / Rate of the NAV
-- fx_return.nav_rate_on: 其日期 / Its day
-- fx_return.nav_rate_source: 其来源 / Its source
-- fx_return.as_of: 截至日期 / As of
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE fx_return (
    participation_id VARCHAR,
    currency VARCHAR,
    converted_into VARCHAR,
    paid_in DECIMAL(18, 2),
    total_value DECIMAL(18, 2),
    gain DECIMAL(18, 2),
    paid_in_converted DECIMAL(18, 2),
    value_converted DECIMAL(18, 2),
    gain_converted DECIMAL(18, 2),
    local_part DECIMAL(18, 2),
    fx_part DECIMAL(18, 2),
    cross_part DECIMAL(18, 2),
    rate_in DOUBLE,
    rate_out DOUBLE,
    return_local DOUBLE,
    return_fx DOUBLE,
    return_cross DOUBLE,
    return_total DOUBLE,
    irr_local DOUBLE,
    irr_converted DOUBLE,
    irr_fx DOUBLE,
    nav_rate DECIMAL(18, 8),
    nav_rate_on DATE,
    nav_rate_source VARCHAR,
    as_of DATE
)
