-- table pipeline_fund: 已批复或已签约而未设立的合作基金，不计入任何目标，发布时由主引擎计算，截至默认日期 / Funds approved or agreed and not yet established, which count nowhere, computed at publishing, as of the default date
-- pipeline_fund.partner_fund_id: 基金编码 / Partner fund
-- pipeline_fund.name: 名称 / Name
-- pipeline_fund.manager: 管理机构 / Manager
-- pipeline_fund.status: 状态 / Status
-- pipeline_fund.stage_now: 当前环节 / Stage
-- pipeline_fund.approved_on: 批复日期 / Approved on
-- pipeline_fund.expected_on: 预计设立日期 / Expected on
-- pipeline_fund.approval_no: 批复文号 / Approval number
-- pipeline_fund.currency: 币种 / Currency
-- pipeline_fund.size_planned: 拟设规模 / Size planned
-- pipeline_fund.guidance_planned: 拟参股金额 / Guidance money planned
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE pipeline_fund (
    partner_fund_id VARCHAR,
    name VARCHAR,
    manager VARCHAR,
    status VARCHAR,
    stage_now VARCHAR,
    approved_on DATE,
    expected_on DATE,
    approval_no VARCHAR,
    currency VARCHAR,
    size_planned DECIMAL(18, 2),
    guidance_planned DECIMAL(18, 2)
)
