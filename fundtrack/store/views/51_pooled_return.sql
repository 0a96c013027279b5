-- table pooled_return: 汇总收益：合计与各引导基金的各季度末，各合作基金、各年份组和引导基金类别的截至日，发布时由主引擎计算，截至默认日期 / Pooled returns: the total and each guidance fund at each quarter end; partner funds, vintages and kinds on the day, computed at publishing, as of the default date
-- pooled_return.grouped_by: 归集口径：all 合计，guidance_fund_id 引导基金，partner_fund_id 合作基金（净收益），vintage 首次缴款年份，vintage_signed 协议年份，guidance_kind 引导基金类别 / By what: total, guidance fund, partner fund (net), year of the first call, of the agreement, kind of guidance fund
-- pooled_return.member: 该口径下的编码或年份，空为不详 / Its ID or year; empty where unknown
-- pooled_return.currency: 币种，各币种分列不相加 / Currency; currencies are never added
-- pooled_return.day: 季度末；最后一行为截至日期 / Quarter end; the last is the as-of date
-- pooled_return.participations: 参股笔数 / Participations
-- pooled_return.commitment: 认缴金额 / Commitment
-- pooled_return.paid_in: 累计出资 / Paid in
-- pooled_return.distributed: 累计收回 / Distributed
-- pooled_return.recallable: 其中可召回分配 / Of which recallable
-- pooled_return.fees_outside: 认缴外管理费 / Fees outside the commitment
-- pooled_return.nav: 净资产，为其中已知的 / NAV of those known
-- pooled_return.unfunded: 未缴 / Unfunded
-- pooled_return.nav_unknown: 净资产未知的笔数 / Participations whose NAV is unknown
-- pooled_return.known_share: 净资产已知者占出资的比例 / Share of paid-in whose NAV is known
-- pooled_return.rolled_share: 估值日后滚动推算者占净资产的比例 / Share of NAV rolled forward
-- pooled_return.stale_share: 估值已满一年者占净资产的比例 / Share of NAV older than a year
-- pooled_return.valuation_share: 来自估值的比例 / Share that was valued
-- pooled_return.report_share: 来自基金报告的比例 / Share out of fund reports
-- pooled_return.book_share: 按账面净资产的比例 / Share at book net assets
-- pooled_return.oldest_nav_on: 最早的净资产日期 / Oldest NAV date
-- pooled_return.dpi: 收回 ÷ 出资 / Distributed ÷ paid in
-- pooled_return.rvpi: 净资产 ÷ 出资，有未知的为空 / NAV ÷ paid in, empty where one is unknown
-- pooled_return.tvpi: DPI + RVPI
-- pooled_return.pic: 出资 ÷ 认缴 / Paid in ÷ commitment
-- pooled_return.irr: 内部收益率（年化），有净资产未知的为空 / IRR, empty where a NAV is unknown
-- pooled_return.verdict: 内部收益率的判定：ok、not_annualised、no_sign_change、too_short、multiple_roots、no_root / Verdict of the IRR
-- pooled_return.period_return: 不足一年的期间收益率 / Return of the period, under one year
-- pooled_return.net_cash: 净现金 = 收回 − 出资 / Distributed less paid in
-- pooled_return.net_value: 净值 = 净现金 + 净资产，有未知的为空 / Net cash and NAV, empty where one is unknown
-- pooled_return.nav_basis: 净资产口径：book 账面净资产，not_stated 未注明，mixed 兼有；只列组别 / Basis of the NAVs, of cohorts: book, not_stated, mixed
-- pooled_return.tvpi_ranked: 参与 TVPI 排位的笔数，只列组别 / How many TVPIs were ranked, of cohorts
-- pooled_return.irr_ranked: 参与内部收益率排位的笔数 / How many IRRs were ranked
-- pooled_return.dpi_q1: DPI 下四分位，四笔以上才列 / Lower quartile, of four or more of DPI
-- pooled_return.dpi_median: DPI 中位数 / Median of DPI
-- pooled_return.dpi_q3: DPI 上四分位，四笔以上才列 / Upper quartile, of four or more of DPI
-- pooled_return.tvpi_q1: TVPI 下四分位，四笔以上才列 / Lower quartile, of four or more of TVPI
-- pooled_return.tvpi_median: TVPI 中位数 / Median of TVPI
-- pooled_return.tvpi_q3: TVPI 上四分位，四笔以上才列 / Upper quartile, of four or more of TVPI
-- pooled_return.irr_q1: IRR 下四分位，四笔以上才列 / Lower quartile, of four or more of IRR
-- pooled_return.irr_median: IRR 中位数 / Median of IRR
-- pooled_return.irr_q3: IRR 上四分位，四笔以上才列 / Upper quartile, of four or more of IRR
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE pooled_return (
    grouped_by VARCHAR,
    member VARCHAR,
    currency VARCHAR,
    "day" DATE,
    participations INTEGER,
    commitment DECIMAL(18, 2),
    paid_in DECIMAL(18, 2),
    distributed DECIMAL(18, 2),
    recallable DECIMAL(18, 2),
    fees_outside DECIMAL(18, 2),
    nav DECIMAL(18, 2),
    unfunded DECIMAL(18, 2),
    nav_unknown INTEGER,
    known_share DOUBLE,
    rolled_share DOUBLE,
    stale_share DOUBLE,
    valuation_share DOUBLE,
    report_share DOUBLE,
    book_share DOUBLE,
    oldest_nav_on DATE,
    dpi DOUBLE,
    rvpi DOUBLE,
    tvpi DOUBLE,
    pic DOUBLE,
    irr DOUBLE,
    verdict VARCHAR,
    period_return DOUBLE,
    net_cash DECIMAL(18, 2),
    net_value DECIMAL(18, 2),
    nav_basis VARCHAR,
    tvpi_ranked INTEGER,
    irr_ranked INTEGER,
    dpi_q1 DOUBLE,
    dpi_median DOUBLE,
    dpi_q3 DOUBLE,
    tvpi_q1 DOUBLE,
    tvpi_median DOUBLE,
    tvpi_q3 DOUBLE,
    irr_q1 DOUBLE,
    irr_median DOUBLE,
    irr_q3 DOUBLE
)
