-- table finding_seen: 疑点首见：曾以各版本默认日期显示过的疑点及最早版本 / Every finding that any edition showed at its default date, and the earliest
-- finding_seen.finding_id: 疑点编号 / Finding
-- finding_seen.first_seen_edition: 首见版本 / First edition
-- read by: fundtrack.load.agree, which hands it on from edition to edition
CREATE OR REPLACE TABLE finding_seen (
    finding_id VARCHAR,
    first_seen_edition INTEGER
)
