-- table target_beside: 目标旁注：完成值以外须并列的数，如存续、已批复未设立、实缴、他币种，发布时由主引擎计算，截至默认日期 / What stands beside the targets and is not in them: in being, pipeline, paid-in, other currencies, computed at publishing, as of the default date
-- target_beside.code: 指标编码 / Target
-- target_beside.item: 项目：in_being 存续，liquidated 已清算，exited 已退出，double_counted 两只引导基金参股，merged 同一基金的其他行，pipeline 已批复未设立，pipeline_size_planned 其拟设规模，pipeline_guidance_planned 其拟参股额，paid_in 实缴，set_up 已设立，placed 已参股认缴，placed_paid 已参股实缴等 / Item: what is counted or added up
-- target_beside.value: 数值，空为未知 / Value, empty where unknown
-- target_beside.unit: 单位 / Unit
-- target_beside.currency: 币种，计数为空 / Currency; empty for counts
-- target_beside.day: 有日期的事项之日期 / Day, of a dated fact
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE target_beside (
    code VARCHAR,
    item VARCHAR,
    "value" DECIMAL(18, 2),
    unit VARCHAR,
    currency VARCHAR,
    "day" DATE
)
