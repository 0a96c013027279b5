-- table participation_nav: 各参股净资产的日期、来源与可信程度，发布时由主引擎计算，截至默认日期 / NAV of each participation: date, age, source, how it was reached, computed at publishing, as of the default date
-- participation_nav.participation_id: 参股编号 / Participation
-- participation_nav.currency: 币种 / Currency
-- participation_nav.nav: 引导基金应占净资产，滚动推算至截至日 / NAV share, rolled forward to the day
-- participation_nav.nav_on: 最近净资产的日期 / Day of the last NAV
-- participation_nav.nav_age_days: 距截至日天数 / Its age in days
-- participation_nav.rolled: 其后是否有往来、经滚动推算 / Whether money moved since, so that it is rolled forward
-- participation_nav.stale: 是否已满一年 / Whether it is older than 365 days
-- participation_nav.nav_source: 来源：valuation 估值，fund_report 基金定期报告 / Source
-- participation_nav.nav_basis: 口径：book 账面净资产（2018 年 7 月以前），not_stated 未注明 / Basis: book net assets before 2018-07, else not stated
-- participation_nav.paid_in: 累计出资 / Paid in
-- participation_nav.as_of: 截至日期 / As of
-- read by: auditors; fundtrack.load.agree writes it
CREATE OR REPLACE TABLE participation_nav (
    participation_id VARCHAR,
    currency VARCHAR,
    nav DECIMAL(18, 2),
    nav_on DATE,
    nav_age_days INTEGER,
    rolled BOOLEAN,
    stale BOOLEAN,
    nav_source VARCHAR,
    nav_basis VARCHAR,
    paid_in DECIMAL(18, 2),
    as_of DATE
)
