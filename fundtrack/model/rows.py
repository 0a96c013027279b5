"""The data dictionary: a class per sheet of the standard workbook (`fields.checked` gives its pydantic model), the only place that says what a column is."""

from datetime import date
from decimal import Decimal
from typing import Final

from fundtrack.model.fields import Choice, Column, Row, SheetInfo, column, columns

_PLAN: Final = "杭州市科技工作计划（2017）"
_MEASURES: Final = "财企〔2007〕128号；参股协议"
_REPORTS: Final = "AMAC 私募投资基金信息披露指引2号；ILPA 报告模板"
_LEDGER: Final = "参股协议；拨款与收款凭证"
_USCC: Final = "GB 32100-2015"
_DISTRICT: Final = "GB/T 2260"
_INDUSTRY: Final = "GB/T 4754"


def _same(*words: str) -> tuple[Choice, ...]:
    """Choices that are stored as written in Chinese: `中文=English`."""
    pairs = (word.split("=") for word in words)
    return tuple(Choice(zh, zh, en) for zh, en in pairs)


def _coded(*words: str) -> tuple[Choice, ...]:
    """Choices that are stored under an English code: `code=中文=English`."""
    return tuple(Choice(*word.split("=")) for word in words)


def _currency(*, required: bool = True) -> str:
    field: str = column("币种", "Currency", "currency", required=required, source="GB/T 12406；ISO 4217")
    return field


# fmt: off
class Fact(Row):
    """What every fact sheet also takes."""

    voucher_no: str | None = column("凭证号/文号", "Voucher / document no.", "text", aliases=("凭证号", "文号", "凭证编号"))
    note: str | None = column("备注", "Note", "text", aliases=("说明备注",))


class Cover(Row):
    """封面: who sends what, as of when, in which unit."""

    info = SheetInfo("cover", "封面", "Cover", ("A", "B", "C"), "fundtrack")
    sender: str = column("报送单位", "Sender", "text", required=True, key=True, aliases=("填报单位", "报送机构", "编制单位"))
    prepared_by: str | None = column("填报人", "Prepared by", "text", masked=True, aliases=("填表人", "经办人"))
    as_of: date = column("截至日期", "As of", "day", required=True, key=True, aliases=("截止日期", "报表日期", "数据截至"))
    unit: str = column("金额单位", "Unit of amounts", "text", required=True, aliases=("单位",))
    currency: str | None = column("币种", "Currency", "currency")


class GuidanceFund(Fact):
    """引导基金: a government fund that takes participations."""

    info = SheetInfo("guidance_fund", "引导基金", "Guidance funds", ("A",), _PLAN, "GF", (("name_key",),))
    guidance_fund_id: str = column("引导基金编码", "Guidance fund ID", "code", key=True)
    name: str = column("名称", "Name", "text", required=True, aliases=("引导基金名称",))
    phase: str | None = column("期数", "Phase", "text")
    kind: str = column("类型", "Kind", "choice", required=True, aliases=("引导基金类型",),
                       choices=_coded("venture=创投=Venture", "angel=天使=Angel", "cross_border=跨境=Cross-border"))  # fmt: skip
    currency: str = _currency()
    planned_size: Decimal | None = column("计划规模", "Planned size", "money")
    operator: str | None = column("受托管理机构", "Operator", "text")
    established_on: date | None = column("设立日期", "Established on", "day")


class GuidanceFlow(Fact):
    """引导基金收支: money in and out of a guidance fund, other than with partner funds."""

    info = SheetInfo("guidance_flow", "引导基金收支", "Guidance fund flows", ("A",), "财政预算批复；银行回单")
    guidance_fund_id: str = column("引导基金编码", "Guidance fund ID", "code", required=True, key=True, refers="guidance_fund", aliases=("引导基金名称",))
    kind: str = column("类别", "Kind", "choice", required=True, key=True, choices=_coded(
        "committed=认缴=Committed", "budgeted=预算安排=Budgeted", "received=财政到账=Received", "interest=利息收入=Interest",
        "fee=管理费支出=Management fee", "principal_remitted=回收本金上缴=Principal remitted",
        "income_remitted=收益上缴=Income remitted", "other=其他=Other", "balance=账户余额=Account balance"))  # fmt: skip
    counterparty: str | None = column("对方", "Counterparty", "text")
    budget_year: int | None = column("预算年度", "Budget year", "whole")
    occurred_on: date = column("日期", "Date", "day", required=True, key=True)
    amount: Decimal = column("金额", "Amount", "money", required=True, sign="any")
    currency: str = _currency()
    line_no: str | None = column("流水号", "Line no.", "code", key=True)


class Manager(Fact):
    """合作创投机构: a venture firm that runs partner funds."""

    info = SheetInfo("manager", "合作创投机构", "Managers", ("A",), _PLAN, "VC", (("uscc",), ("amac_no",), ("name_key",)))
    manager_id: str = column("机构编码", "Manager ID", "code", key=True)
    name: str = column("名称", "Name", "text", required=True, aliases=("机构名称",))
    group_name: str | None = column("所属机构品牌", "House", "text", aliases=("机构品牌",))
    uscc: str | None = column("统一社会信用代码", "USCC", "code", source=_USCC)
    amac_no: str | None = column("登记编号", "AMAC registration no.", "code", source="AMAC 管理人登记")
    location: str | None = column("所在地", "Location", "text")


class PartnerFund(Fact):
    """合作基金: a fund in which a guidance fund participates."""

    info = SheetInfo("partner_fund", "合作基金", "Partner funds", ("A",), _MEASURES, "PF", (("amac_code",), ("uscc",), ("name_key",)))
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", key=True)
    name: str = column("名称", "Name", "text", required=True, aliases=("基金名称", "基金全称"))
    manager_id: str = column("机构编码", "Manager ID", "code", required=True, refers="manager", aliases=("管理机构", "管理人名称"))
    gp_name: str | None = column("普通合伙人", "General partner", "text")
    uscc: str | None = column("统一社会信用代码", "USCC", "code", source=_USCC)
    amac_code: str | None = column("备案编码", "AMAC fund code", "code", source="AMAC 基金备案")
    legal_form: str | None = column("组织形式", "Legal form", "text")
    district: str | None = column("注册区县", "Registered district", "text", source=_DISTRICT)
    custodian: str | None = column("托管银行", "Custodian", "text")
    currency: str = _currency()
    target_size: Decimal | None = column("目标规模", "Target size", "money")
    committed_size: Decimal | None = column("认缴规模", "Committed size at establishment", "money", aliases=("认缴总规模",))
    established_on: date | None = column("设立日期", "Established on", "day", aliases=("成立日期", "工商登记日期"))
    filed_on: date | None = column("备案日期", "Filed on", "day")
    investment_end: date | None = column("投资期截止", "Investment period ends", "day")
    term_end: date | None = column("存续期截止", "Term ends", "day")
    fee_rate: Decimal | None = column("管理费率", "Management fee rate", "share")
    fee_base: str | None = column("管理费计提基数", "Management fee base", "choice", choices=_same("认缴=Committed", "实缴=Paid-in", "未退出投资额=Unrealised cost"))
    contact: str | None = column("联系人", "Contact", "text", masked=True)


class Participation(Fact):
    """参股: a guidance fund's stake in a partner fund, from application to agreement, with its terms."""

    info = SheetInfo("participation", "参股", "Participations", ("A",), _MEASURES, "PA", (("guidance_fund_id", "partner_fund_id"),))
    participation_id: str = column("参股编号", "Participation ID", "code", key=True)
    guidance_fund_id: str = column("引导基金编码", "Guidance fund ID", "code", required=True, refers="guidance_fund", aliases=("引导基金名称",))
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", required=True, refers="partner_fund", aliases=("基金名称",))
    applied_on: date | None = column("申报日期", "Applied on", "day")
    approved_on: date | None = column("批复日期", "Approved on", "day")
    approval_no: str | None = column("批复文号", "Approval no.", "text")
    approved_amount: Decimal | None = column("拟参股金额", "Amount approved", "money")
    expected_on: date | None = column("预计设立日期", "Expected to be established on", "day")
    stage_now: str | None = column("当前环节", "Stage now", "text")
    signed_on: date | None = column("协议日期", "Agreement signed on", "day", aliases=("签约日期",))
    commitment: Decimal | None = column("认缴金额", "Commitment", "money", aliases=("认缴出资",))
    currency: str = _currency()
    dropped_on: date | None = column("终止日期", "Ended on", "day")
    dropped_why: str | None = column("终止原因", "Reason of ending", "text")
    cap_ratio: Decimal | None = column("参股比例上限", "Cap on share", "share")
    reinvest_kind: str | None = column("返投考核方式", "Reinvestment test", "choice", choices=_same("倍数=Multiple", "占基金规模=Share of fund size", "占已投金额=Share of invested"))
    reinvest_required: Decimal | None = column("返投要求值", "Reinvestment required", "rate")
    reinvest_base: str | None = column("返投基数", "Reinvestment base", "choice", choices=_same("认缴=Committed", "实缴=Paid-in"))
    reinvest_due: date | None = column("返投期限", "Reinvestment due", "day")
    early_min: Decimal | None = column("初创占比下限", "Least early-stage share", "share")
    early_base: str | None = column("初创占比基数", "Early-stage base", "choice", choices=_same("基金规模=Fund size", "已投金额=Invested"))
    concession_kind: str | None = column("让利方式", "Concession", "choice", choices=_same(
        "原值=At cost", "原值加贷款基准利率=Cost plus lending rate", "超额收益让渡=Excess return ceded", "无=None"))  # fmt: skip
    concession_years: Decimal | None = column("让利期限（年）", "Concession period (years)", "rate", aliases=("让利期限",))
    concession_rate: Decimal | None = column("让利比例或利率", "Concession share or rate", "share")
    guaranteed_return: bool | None = column("是否保本或固定回报", "Guaranteed or fixed return", "flag")
    remit_days: int | None = column("上缴期限（日）", "Days to remit", "whole", aliases=("上缴期限",))


class CashFlow(Fact):
    """资金往来: what a guidance fund pays into a partner fund and gets back, by participation."""

    info = SheetInfo("cash_flow", "资金往来", "Cash flows", ("A",), _LEDGER)
    participation_id: str = column("参股编号", "Participation ID", "code", required=True, key=True, refers="participation")
    kind: str = column("类别", "Kind", "choice", required=True, key=True, choices=_coded(
        "call=缴款=Call", "distribution=分配=Distribution", "recallable=可召回分配=Recallable distribution",
        "exit_proceeds=退出回款=Exit proceeds", "fee_outside=管理费=Fee outside commitment"))  # fmt: skip
    line_no: str | None = column("流水号", "Line no.", "code", key=True)
    due_on: date | None = column("应付日期", "Due on", "day")
    due_amount: Decimal | None = column("应付金额", "Amount due", "money")
    occurred_on: date | None = column("发生日期", "Occurred on", "day", aliases=("到账日期",))
    amount: Decimal | None = column("金额", "Amount", "money")
    principal: Decimal | None = column("其中本金", "Of which principal", "money")
    income: Decimal | None = column("其中收益", "Of which income", "money", sign="any")
    cost_basis: Decimal | None = column("对应原始出资", "Cost of what was sold", "money")
    exit_kind: str | None = column("退出方式", "Exit by", "choice", choices=_same("转让=Transfer", "回购=Buy-back", "减资=Capital reduction", "清算=Liquidation"))
    buyer: str | None = column("受让方", "Buyer", "text")
    conceded: Decimal | None = column("让利金额", "Amount conceded", "money")
    unfunded_effect: Decimal | None = column("对未缴的影响", "Effect on unfunded", "money", sign="any")
    cny_paid: Decimal | None = column("折人民币实付", "CNY paid", "money")
    currency: str = _currency()


class Valuation(Fact):
    """估值: the guidance fund's share of a partner fund's net assets."""

    info = SheetInfo("valuation", "估值", "Valuations", ("A",), _REPORTS)
    participation_id: str = column("参股编号", "Participation ID", "code", required=True, key=True, refers="participation")
    valued_on: date = column("估值日期", "Valued on", "day", required=True, key=True)
    nav: Decimal = column("引导基金应占净资产", "NAV share of the guidance fund", "money", required=True, sign="any", aliases=("应占净资产",))
    method: str | None = column("方法", "Method", "text", aliases=("估值方法",))
    currency: str = _currency()


class Reinvestment(Fact):
    """返投认定: investments recognised as made in or for the city."""

    info = SheetInfo("reinvestment", "返投认定", "Reinvestment recognised", ("A",), "参股协议；返投认定文件")
    participation_id: str = column("参股编号", "Participation ID", "code", required=True, key=True, refers="participation")
    company_id: str = column("企业编码", "Company ID", "code", required=True, key=True, refers="company", aliases=("企业名称",))
    investment_id: str | None = column("投资编号", "Investment ID", "code", key=True, refers="investment")
    claimed: Decimal | None = column("申报金额", "Amount claimed", "money")
    recognised: Decimal = column("认定金额", "Amount recognised", "money", required=True)
    basis: str = column("认定情形", "Ground", "choice", required=True, choices=_same(
        "注册在杭=Registered in Hangzhou", "投后迁入=Moved in after investment", "在杭设子公司=Subsidiary in Hangzhou",
        "并购落地=Acquired and settled", "管理人其他在管基金=Manager's other funds"))  # fmt: skip
    recognised_on: date = column("认定日期", "Recognised on", "day", required=True, key=True)
    recognised_by: str = column("认定单位", "Recognised by", "text", required=True)
    evidence: str | None = column("依据材料", "Evidence", "text")


class FundChange(Fact):
    """基金变更: what changed in a partner fund, and from when."""

    info = SheetInfo("fund_change", "基金变更", "Fund changes", ("A", "B"), "工商变更登记；批复文件")
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", required=True, key=True, refers="partner_fund", aliases=("基金名称",))
    kind: str = column("事项", "Change", "choice", required=True, key=True, choices=_coded(
        "renamed=更名=Renamed", "extended=展期=Extended", "manager=更换管理人=Manager replaced", "custodian=更换托管=Custodian replaced",
        "liquidating=进入清算=In liquidation", "dissolved=注销=Dissolved", "terminated=提前终止=Terminated early"))  # fmt: skip
    effective_on: date = column("生效日期", "Effective on", "day", required=True, key=True)
    before: str | None = column("变更前", "Before", "text")
    after: str | None = column("变更后", "After", "text")
    approval_no: str | None = column("批复文号", "Approval no.", "text")


class InvestorCommitment(Fact):
    """出资人: who committed what to a partner fund, and every later change."""

    info = SheetInfo("investor_commitment", "出资人", "Investors", ("B",), "合伙协议；工商登记")
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", required=True, key=True, refers="partner_fund", aliases=("基金名称",))
    investor: str = column("出资人名称", "Investor", "text", required=True, key=True, masked=True)
    kind: str = column("性质", "Kind", "choice", required=True, choices=_coded(
        "guidance=市引导基金=City guidance fund", "public=其他财政资金=Other public money", "state_owned=国有资本=State-owned capital",
        "manager=管理人及团队=Manager and team", "private=社会资本=Private capital", "natural_person=自然人=Natural person"))  # fmt: skip
    effective_on: date | None = column("生效日期", "Effective on", "day", key=True)
    guidance_fund_id: str | None = column("引导基金编码", "Guidance fund ID", "code", refers="guidance_fund", aliases=("引导基金名称",))
    reason: str | None = column("事由", "Reason", "choice", key=True, choices=_coded(
        "initial=初始=Initial", "increase=增资=Increase", "reduction=减资=Reduction", "acquired=受让=Acquired",
        "transferred=转出=Transferred", "withdrawn=退伙=Withdrawn"))  # fmt: skip
    amount: Decimal = column("认缴变动", "Change in commitment", "money", required=True, sign="any", aliases=("认缴金额", "认缴出资额"))
    currency: str | None = _currency(required=False)


class FundPaidIn(Fact):
    """基金实缴: what each investor was due to pay and paid into a partner fund."""

    info = SheetInfo("fund_paid_in", "基金实缴", "Paid-in", ("B",), "缴款通知；验资与银行回单")
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", required=True, key=True, refers="partner_fund", aliases=("基金名称",))
    investor: str = column("出资人名称", "Investor", "text", required=True, key=True, masked=True)
    guidance_fund_id: str | None = column("引导基金编码", "Guidance fund ID", "code", key=True, refers="guidance_fund", aliases=("引导基金名称",))
    call_no: str | None = column("批次", "Call no.", "code", key=True)
    line_no: str | None = column("流水号", "Line no.", "code", key=True)
    due_on: date | None = column("应缴日期", "Due on", "day")
    due_amount: Decimal | None = column("应缴金额", "Amount due", "money")
    paid_on: date | None = column("实缴日期", "Paid on", "day")
    amount: Decimal | None = column("实缴金额", "Amount paid", "money")
    currency: str | None = _currency(required=False)


class Company(Fact):
    """被投企业: a company in which partner funds invested."""

    info = SheetInfo("company", "被投企业", "Companies", ("B",), "工商登记", "CO", (("uscc",), ("name_key",)))
    company_id: str = column("企业编码", "Company ID", "code", key=True)
    name: str = column("名称", "Name", "text", required=True, aliases=("企业名称",))
    uscc: str | None = column("统一社会信用代码", "USCC", "code", source=_USCC)
    founded_on: date | None = column("成立日期", "Founded on", "day")
    district: str | None = column("注册区县", "Registered district", "text", source=_DISTRICT)
    operating_district: str | None = column("经营区县", "Operating district", "text", source=_DISTRICT)
    industry: str | None = column("行业代码", "Industry", "code", source=_INDUSTRY)
    hightech_on: date | None = column("高新技术企业认定日期", "High-tech firm since", "day")
    tech_sme_on: date | None = column("科技型中小企业入库日期", "Tech SME since", "day")


class Investment(Fact):
    """投资项目: a partner fund's investment in a company, one round."""

    info = SheetInfo("investment", "投资项目", "Investments", ("B",), _REPORTS, "IN", (("partner_fund_id", "company_id", "invested_on", "round"),))
    investment_id: str = column("投资编号", "Investment ID", "code", key=True)
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", required=True, refers="partner_fund", aliases=("基金名称",))
    company_id: str = column("企业编码", "Company ID", "code", required=True, refers="company", aliases=("企业名称",))
    invested_on: date = column("投资日期", "Invested on", "day", required=True)
    round: str | None = column("轮次", "Round", "text")
    stage: str = column("阶段", "Stage", "choice", required=True, choices=_coded(
        "seed=种子=Seed", "startup=初创=Start-up", "growth=成长=Growth", "mature=成熟=Mature"))  # fmt: skip
    amount: Decimal = column("金额", "Amount", "money", required=True, aliases=("投资金额",))
    currency: str = _currency()
    joint_amount: Decimal | None = column("联合投资金额", "Joint investment", "money")
    stake: Decimal | None = column("持股比例", "Stake", "share")
    instrument: str | None = column("工具", "Instrument", "choice", choices=_coded(
        "equity=股权=Equity", "convertible=可转债=Convertible", "debt=债权=Debt", "listed=上市股票=Listed shares",
        "guarantee=担保=Guarantee", "property=不动产=Property", "other=其他=Other"))  # fmt: skip
    related_party: bool | None = column("是否关联交易", "Related party", "flag")
    staff: int | None = column("职工人数", "Staff", "whole")
    sales: Decimal | None = column("营业收入", "Sales", "money")
    net_assets: Decimal | None = column("净资产", "Net assets", "money", sign="any")


class InvestmentExit(Fact):
    """项目退出: money back from an investment, whole or in part."""

    info = SheetInfo("investment_exit", "项目退出", "Exits", ("B",), _REPORTS)
    investment_id: str = column("投资编号", "Investment ID", "code", required=True, key=True, refers="investment")
    exited_on: date = column("退出日期", "Exited on", "day", required=True, key=True)
    line_no: str | None = column("序号", "Line no.", "code", key=True)
    method: str = column("方式", "By", "choice", required=True, aliases=("退出方式",), choices=_coded(
        "ipo=上市=IPO", "acquisition=并购=Acquisition", "buyback=回购=Buy-back", "transfer=转让=Transfer",
        "liquidation=清算=Liquidation", "dividend=现金分红=Dividend", "reduction=减资=Capital reduction"))  # fmt: skip
    cost: Decimal = column("退出成本", "Cost", "money", required=True)
    proceeds: Decimal = column("实收金额", "Proceeds", "money", required=True)
    currency: str = _currency()


class HoldingValuation(Fact):
    """项目估值: what an investment was worth on a day."""

    info = SheetInfo("holding_valuation", "项目估值", "Holding valuations", ("B",), _REPORTS)
    investment_id: str = column("投资编号", "Investment ID", "code", required=True, key=True, refers="investment")
    valued_on: date = column("日期", "Valued on", "day", required=True, key=True, aliases=("估值日期",))
    cost: Decimal = column("期末成本", "Cost", "money", required=True)
    value: Decimal | None = column("期末估值", "Value", "money")
    method: str | None = column("方法", "Method", "choice", choices=_same("成本=Cost", "最近融资=Latest round", "市场乘数=Market multiple", "净资产=Net assets", "其他=Other"))
    stake: Decimal | None = column("持股比例", "Stake", "share")
    currency: str | None = _currency(required=False)


class FundReport(Fact):
    """基金定期报告: every position that a partner fund's manager reported, never mixed with dated flows."""

    info = SheetInfo("fund_report", "基金定期报告", "Fund reports", ("B",), _REPORTS)
    partner_fund_id: str = column("基金编码", "Partner fund ID", "code", required=True, key=True, refers="partner_fund", aliases=("基金名称",))
    period: str = column("期间", "Period", "period", required=True, key=True, aliases=("报告期", "报告期间"))
    kind: str = column("报告类型", "Report", "choice", required=True, key=True, choices=_same("季报=Quarterly", "半年报=Half-yearly", "年报=Annual", "审计报告=Audited"))
    due_on: date | None = column("应报日期", "Due on", "day")
    filed_on: date | None = column("实报日期", "Filed on", "day")
    committed: Decimal | None = column("期末认缴", "Committed", "money")
    paid_in: Decimal | None = column("期末实缴", "Paid in", "money")
    guidance_paid_in: Decimal | None = column("其中引导基金实缴", "Of which guidance funds", "money")
    projects: int | None = column("累计投资项目数", "Investments to date", "whole")
    invested: Decimal | None = column("累计投资金额", "Invested to date", "money")
    exit_cost: Decimal | None = column("累计退出成本", "Cost of exits to date", "money")
    exit_proceeds: Decimal | None = column("累计退出回款", "Exit proceeds to date", "money")
    distributed: Decimal | None = column("累计向出资人分配", "Distributed to date", "money")
    net_assets: Decimal | None = column("期末净资产", "Net assets", "money", sign="any")
    guidance_share: Decimal | None = column("引导基金应占净资产", "Guidance funds' share of net assets", "money", sign="any")
    cash: Decimal | None = column("货币资金", "Cash", "money")
    wealth_products: Decimal | None = column("其中理财", "Of which wealth products", "money")
    fee: Decimal | None = column("当期管理费", "Management fee of the period", "money")
    irr_reported: Decimal | None = column("报告内部收益率", "IRR as reported", "share", sign="any")
    multiple_reported: Decimal | None = column("报告回报倍数", "Multiple as reported", "rate")
    opinion: str | None = column("审计意见", "Audit opinion", "text")
    currency: str | None = _currency(required=False)


class Indicator(Fact):
    """指标: reported figures of the whole city, for context."""

    info = SheetInfo("indicator", "指标", "Indicators", ("C",), _PLAN)
    code: str = column("指标编码", "Indicator", "code", required=True, key=True)
    measured_on: date = column("日期", "Date", "day", required=True, key=True)
    value: Decimal | None = column("数值", "Value", "number", sign="any")
    source: str = column("来源", "Source", "text", required=True)


class Target(Fact):
    """目标: what is to be reached by when."""

    info = SheetInfo("target", "目标", "Targets", ("C",), _PLAN)
    code: str = column("指标编码", "Indicator", "code", required=True, key=True)
    due_on: date = column("截止日期", "Due on", "day", required=True, key=True)
    starts_on: date = column("起始日期", "Starts on", "day", required=True)
    name: str = column("名称", "Name", "text", required=True)
    value: Decimal = column("目标值", "Target", "number", required=True)
    unit: str = column("单位", "Unit", "text", required=True)
    currency: str | None = _currency(required=False)
    source: str = column("依据", "Source", "text", required=True)


class MarketRate(Fact):
    """市场数据: exchange rates, lending rates, index levels."""

    info = SheetInfo("market_rate", "市场数据", "Market data", ("A",), "来源列所载")
    kind: str = column("类别", "Kind", "choice", required=True, key=True, choices=_coded("fx=汇率=Exchange rate", "lending=贷款基准利率=Lending rate", "index=指数=Index"))
    code: str = column("代码", "Code", "code", required=True, key=True)
    quoted_on: date = column("日期", "Date", "day", required=True, key=True)
    value: Decimal = column("数值", "Value", "rate", required=True, sign="any")
    currency: str | None = _currency(required=False)
    source: str = column("来源", "Source", "text", required=True)


class Rule(Row):
    """规则: what is checked, with its limit, its source and its time in force."""

    info = SheetInfo("rule", "规则", "Rules", ("A",), "source 列所载文件")
    rule_id: str = column("规则编码", "Rule", "code", required=True, key=True)
    name_zh: str = column("中文名称", "Name (Chinese)", "text", required=True)
    name_en: str = column("英文名称", "Name (English)", "text", required=True)
    parameter: str | None = column("参数", "Parameter", "text")
    value: Decimal | None = column("参数值", "Value", "rate", sign="any")
    unit: str | None = column("单位", "Unit", "text")
    base: str | None = column("基数", "Base", "text")
    applies_to: str = column("适用对象", "Applies to", "text", required=True, key=True)
    force: str = column("效力", "Force", "choice", required=True, choices=_same("依据=Binding", "参照=Reference"))
    source: str | None = column("依据文件", "Source", "text")
    in_force_from: date | None = column("生效日期", "In force from", "day", key=True)
    in_force_to: date | None = column("失效日期", "In force to", "day")
    statuses: str | None = column("可能状态", "Possible statuses", "text")


class FindingAction(Fact):
    """处置: what people decided about a finding."""

    info = SheetInfo("finding_action", "处置", "Actions on findings", ("A",), "处置记录")
    rule_id: str = column("规则", "Rule", "code", required=True, key=True)
    entity: str = column("对象", "Entity or finding ID", "code", required=True, key=True, aliases=("疑点编号", "对象编码"))
    acted_on: date = column("日期", "Date", "day", required=True, key=True)
    action: str = column("处置", "Action", "choice", required=True, choices=_coded(
        "dismissed=排除=Dismissed", "confirmed=确认=Confirmed", "waived=豁免=Waived", "rectifying=整改中=Rectifying", "rectified=已整改=Rectified"))  # fmt: skip
    reason: str = column("说明", "Reason", "text", required=True)
    owner: str | None = column("责任单位", "Owner", "text")
    due_on: date | None = column("期限", "Due on", "day")
    done_on: date | None = column("完成日期", "Done on", "day")
    acted_by: str = column("经办人", "By", "text", required=True, aliases=("by", "处置人"))
    value_seen: Decimal | None = column("处置时数值", "Value at the time", "rate", sign="any")


class District(Row):
    """行政区划: codes of districts and the years in which they were valid."""

    info = SheetInfo("district", "行政区划", "Districts", ("S",), _DISTRICT)
    code: str = column("区划代码", "Code", "code", required=True, key=True)
    name: str = column("名称", "Name", "text", required=True, key=True)
    parent: str | None = column("上级", "Parent", "code")
    valid_from: date = column("启用日期", "Valid from", "day", required=True, key=True)
    valid_to: date | None = column("停用日期", "Valid to", "day")
    source: str = column("来源", "Source", "text", required=True)


class Industry(Row):
    """行业分类: sections and divisions of the national economy, by edition of the standard."""

    info = SheetInfo("industry", "行业分类", "Industries", ("S",), _INDUSTRY)
    code: str = column("行业代码", "Code", "code", required=True, key=True)
    name: str = column("名称", "Name", "text", required=True)
    parent: str | None = column("门类", "Section", "code")
    edition: str = column("标准版本", "Edition of the standard", "text", required=True, key=True)
    valid_from: date = column("启用日期", "Valid from", "day", required=True)
    valid_to: date | None = column("停用日期", "Valid to", "day")
    source: str = column("来源", "Source", "text", required=True)


class Policy(Row):
    """政策: measures named in the plan, as reference text."""

    info = SheetInfo("policy", "政策", "Policies", ("S",), _PLAN)
    code: str = column("编码", "Code", "code", required=True, key=True)
    name_zh: str = column("中文名称", "Name (Chinese)", "text", required=True)
    name_en: str = column("英文名称", "Name (English)", "text", required=True)
    text_zh: str = column("中文说明", "Text (Chinese)", "text", required=True)
    text_en: str = column("英文说明", "Text (English)", "text", required=True)
    source: str = column("来源", "Source", "text", required=True)


# fmt: on
MODELS: Final[tuple[type[Row], ...]] = (
    Cover,
    GuidanceFund,
    GuidanceFlow,
    Manager,
    PartnerFund,
    Participation,
    CashFlow,
    Valuation,
    Reinvestment,
    FundChange,
    InvestorCommitment,
    FundPaidIn,
    Company,
    Investment,
    InvestmentExit,
    HoldingValuation,
    FundReport,
    Indicator,
    Target,
    MarketRate,
    Rule,
    FindingAction,
    District,
    Industry,
    Policy,
)  # fmt: skip
"""Every sheet, in the order in which a reader would fill them in."""

TABLES: Final[dict[str, type[Row]]] = {model.info.table: model for model in MODELS}
COLUMNS: Final[dict[str, tuple[Column, ...]]] = {model.info.table: columns(model) for model in MODELS}
