-- table finding: 疑点台账：各规则逐一核对的对象与结果，发布时由主引擎计算，截至默认日期；始终未见异常的逐笔事项只留每一对象最近一笔，全部见 finding_check 与命令 fundtrack findings --clear / Findings: what each rule examined and found, computed at publishing, as of the default date; of events that were always clear each entity's newest, all in finding_check and by fundtrack findings --clear
-- finding.finding_id: 疑点编号：规则编码加“规则|对象所在表|对象|事项”的 MD5 前10位，各版本、各日期不变 / Stable ID: the rule and ten digits of MD5 over rule, table, entity and occurrence
-- finding.rule_id: 规则编码，见 rule / Rule
-- finding.entity_table: 对象所在表 / Table of the entity
-- finding.entity: 对象编码 / Entity
-- finding.partner_fund_id: 所涉合作基金 / Partner fund concerned
-- finding.occurrence: 事项：同一对象的多个事项、期间或指标以此区分，持续状态为空 / Event, period or criterion; empty for a standing state
-- finding.status: 状态：suspected 疑点，hint 提示，incomplete 数据待补，clear 未见异常 / Status
-- finding.review: 处置：dismissed 排除，confirmed 确认，waived 豁免，rectifying 整改中，rectified 已整改，reopened 须再核；空为未处置 / Review; empty where nobody has acted
-- finding.force: 效力：依据或参照 / Force: binding or reference
-- finding.value: 数值，单位见 unit / Value
-- finding.limit_value: 界限，单位见 unit / Limit
-- finding.unit: 数值与界限的单位：share 比例，days 日，money 金额，count 个数，years 年，multiple 倍；空为无数值 / Unit of value and limit
-- finding.amount: 所涉金额，单位：币种列所载货币的元 / Amount at stake in units of the currency
-- finding.currency: 币种 / Currency
-- finding.source: 依据文件 / Source of the limit
-- finding.bound_by: 界限出自：agreement 协议，rule 有约束力的规定，reference 参照 / What bound
-- finding.rule_from: 依据生效日期；协议为签署日期 / In force from; of an agreement its date
-- finding.occurred_on: 发生日期 / Occurred on
-- finding.first_seen_edition: 首见版本：最早以其默认日期显示该疑点的数据版本 / Earliest edition whose own default date showed it
-- finding.as_of: 截至日期 / As of
-- read by: auditors (audit_views), fundtrack.reports.findings; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE finding (
    finding_id VARCHAR,
    rule_id VARCHAR,
    entity_table VARCHAR,
    entity VARCHAR,
    partner_fund_id VARCHAR,
    occurrence VARCHAR,
    status VARCHAR,
    review VARCHAR,
    force VARCHAR,
    value DOUBLE,
    limit_value DOUBLE,
    unit VARCHAR,
    amount DECIMAL(18, 2),
    currency VARCHAR,
    source VARCHAR,
    bound_by VARCHAR,
    rule_from DATE,
    occurred_on DATE,
    first_seen_edition INTEGER,
    as_of DATE
)
