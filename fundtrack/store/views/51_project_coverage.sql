-- table project_coverage: 项目估值对净资产的覆盖：各合作基金以其最近报告期末计，合计以引导基金净资产计，不作放大，发布时由主引擎计算，截至默认日期 / How much of net assets projects explain, never rescaled: partner funds at their newest report, the total of the guidance funds' NAV, computed at publishing, as of the default date
-- project_coverage.entity_type: 对象类别：partner_fund 合作基金，total 合计 / Kind of entity: partner fund, total
-- project_coverage.entity_id: 对象编码；合计为 all / Entity; all for the total
-- project_coverage.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- project_coverage.measured_on: 计量日：报告期末或截至日期 / Day measured: end of the report's period, or the as-of date
-- project_coverage.net_assets: 净资产：报告所载，合计为引导基金应占的已知净资产 / Net assets as reported; of the total the guidance funds' NAV that is known
-- project_coverage.cash: 货币资金 / Cash
-- project_coverage.nav_unknown: 净资产未知的参股笔数 / Participations whose NAV is unknown
-- project_coverage.explained: 已估值项目的价值，合计为引导资金穿透部分 / Value of valued projects; of the total the guidance funds' part
-- project_coverage.unvalued: 无估值的投资笔数 / Investments without a value
-- project_coverage.share_unknown: 引导基金占比不详的投资笔数 / Investments of funds whose guidance share is unknown
-- project_coverage.coverage: 覆盖率 = 已估值项目的价值 ÷ 净资产 / Coverage: their value ÷ net assets
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE project_coverage (
    entity_type VARCHAR,
    entity_id VARCHAR,
    currency VARCHAR,
    measured_on DATE,
    net_assets DECIMAL(18, 2),
    cash DECIMAL(18, 2),
    nav_unknown INTEGER,
    explained DECIMAL(18, 2),
    unvalued INTEGER,
    share_unknown INTEGER,
    coverage DOUBLE
)
