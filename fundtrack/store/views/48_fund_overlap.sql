-- view fund_overlap: 基金重叠：两只合作基金共同持有的企业家数：截至各封面最新截至日期 / Overlap of funds: how many companies two partner funds both hold, as of the newest cover date
-- fund_overlap.one_fund: 一只合作基金编码 / One partner fund
-- fund_overlap.other_fund: 另一只合作基金编码 / The other partner fund
-- fund_overlap.companies: 共同持有未退出成本的企业家数 / Companies in which both hold cost
-- read by: auditors, fundtrack.load.agree
CREATE OR REPLACE VIEW fund_overlap AS
SELECT * FROM fund_overlap_at((SELECT max(c.as_of) FROM cover AS c), (SELECT max(b.batch_id) FROM batch AS b))
