-- table finding_evidence: 疑点证据：支持各疑点的台账行 / Evidence: the ledger rows behind each finding
-- finding_evidence.finding_id: 疑点编号 / Finding
-- finding_evidence.ordinal: 序号 / Place
-- finding_evidence.table_name: 台账表名 / Table
-- finding_evidence.row_key: 行键 / Row key
-- finding_evidence.field: 字段；空为整行 / Field; empty for the whole row
-- finding_evidence.role: 作用：value 数值，base 基数，limit 界限，missing 待补 / Role: value, base, limit, missing
-- read by: auditors, trace, working papers; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE finding_evidence (
    finding_id VARCHAR,
    ordinal INTEGER,
    table_name VARCHAR,
    row_key VARCHAR,
    field VARCHAR,
    role VARCHAR
)
