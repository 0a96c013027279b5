-- table fx_flow: 外币参股逐笔折算：所用汇率、日期与来源，发布时由主引擎计算，截至默认日期 / Flows of participations in another currency, each with the rate, its day and source, computed at publishing, as of the default date
-- fx_flow.participation_id: 参股编号 / Participation
-- fx_flow.day: 往来日期 / Day of the flow
-- fx_flow.currency: 本币 / Its own currency
-- fx_flow.paid_in: 出资（本币） / Paid in, own currency
-- fx_flow.distributed: 收回（本币） / Distributed, own currency
-- fx_flow.rate: 所用汇率，空为缺汇率 / Rate; empty where none is within ten days
-- fx_flow.rate_on: 汇率日期 / Day of the rate
-- fx_flow.rate_source: 汇率来源 / Source of the rate
-- fx_flow.rate_divides: 是否以除法折算 / Whether the rate divides
-- fx_flow.paid_in_converted: 出资，折人民币 / Paid in, in yuan
-- fx_flow.distributed_converted: 收回，折人民币 / Distributed, in yuan
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE fx_flow (
    participation_id VARCHAR,
    "day" DATE,
    currency VARCHAR,
    paid_in DECIMAL(18, 2),
    distributed DECIMAL(18, 2),
    rate DECIMAL(18, 8),
    rate_on DATE,
    rate_source VARCHAR,
    rate_divides BOOLEAN,
    paid_in_converted DECIMAL(18, 2),
    distributed_converted DECIMAL(18, 2)
)
