-- table value_bridge_cny: 外币参股的净值变动桥，折人民币，发布时由主引擎计算，截至默认日期 / Value bridge of participations in another currency, in yuan, computed at publishing, as of the default date
-- value_bridge_cny.participation_id: 参股编号 / Participation
-- value_bridge_cny.own: 本币 / Its own currency
-- value_bridge_cny.currency: 折算币种 / Currency of the steps
-- value_bridge_cny.start_on: 期初日 / First day
-- value_bridge_cny.end_on: 期末日 / Last day
-- value_bridge_cny.nav_start: 期初净资产 / Opening NAV
-- value_bridge_cny.calls: 其间缴款 / Calls since
-- value_bridge_cny.distributions: 其间收回 / Distributions since
-- value_bridge_cny.valuation_change: 估值变动，按期末汇率 / Valuation change, at the closing rate
-- value_bridge_cny.fx_effect: 汇率影响 / FX effect
-- value_bridge_cny.nav_end: 期末净资产 / Closing NAV
-- value_bridge_cny.nav_on_start: 期初净资产的日期 / NAV date at the start
-- value_bridge_cny.nav_on_end: 期末净资产的日期 / NAV date at the end
-- value_bridge_cny.rate_start: 期初汇率 / Opening rate
-- value_bridge_cny.rate_start_on: 期初汇率日期 / Its day
-- value_bridge_cny.rate_start_source: 期初汇率来源 / Its source
-- value_bridge_cny.rate_end: 期末汇率 / Closing rate
-- value_bridge_cny.rate_end_on: 期末汇率日期 / Its day
-- value_bridge_cny.rate_end_source: 期末汇率来源 / Its source
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE value_bridge_cny (
    participation_id VARCHAR,
    own VARCHAR,
    currency VARCHAR,
    start_on DATE,
    end_on DATE,
    nav_start DECIMAL(18, 2),
    calls DECIMAL(18, 2),
    distributions DECIMAL(18, 2),
    valuation_change DECIMAL(18, 2),
    fx_effect DECIMAL(18, 2),
    nav_end DECIMAL(18, 2),
    nav_on_start DATE,
    nav_on_end DATE,
    rate_start DECIMAL(18, 8),
    rate_start_on DATE,
    rate_start_source VARCHAR,
    rate_end DECIMAL(18, 8),
    rate_end_on DATE,
    rate_end_source VARCHAR
)
