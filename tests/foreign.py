"""Foreign layouts, invented: a vendor database's export of guidance funds, a pension plan's list of holdings."""

import xlsxwriter

VENDOR_FUNDS = [
    ["政府引导基金列表"],
    ["序号", "基金名称", "所在地区", "基金级别", "成立时间", "目标规模(人民币/百万)", "管理机构", "状态"],
    [
        1,
        "示例省引导基金",
        "中国|浙江省|杭州市|西湖区",
        "省级",
        "2015-06-01",
        5000,
        "示例资本",
        "首期募完，正在募集",
    ],
    [2, "示例市引导基金", "中国|浙江省|杭州市", "市级", "2016", "--", "示例资本", "已募完"],
]
HOLDINGS = [
    ["Example Pension Plan: private equity holdings"],
    ["As of June 30, 2017", None, None, None, None, "Amounts in USD millions"],
    ["Vintage", "Fund Name", "Manager", "Capital Committed", "Contributed", "Distributed", "Market Value"],
    [2010, "Example Partners I", "Example GP", 100, 90.5, 40, 75.25],
    [2012, "Example Partners II", "Example GP", 50, 30, 0, 31],
    [2015, "Other Fund", "Other GP", 20, 5, None, 4.5],
    ["Total", None, None, 170, 125.5, 40, 110.75],
]
FUND_LIST = [
    ["合作基金一览（单位：万元）"],
    ["基金名称", "基金规模", "管理机构", "注册地", "组织形式类别", "币别"],
    ["示例甲基金", 1000, "示例资本", "中国|浙江省|杭州市|西湖区", "有限合伙", "人民币"],
    ["示例乙基金", 2000, "示例资本", "中国|浙江省|杭州市|滨江区", "公司", "人民币"],
]


def written(path, rows, name="Sheet1"):
    """A workbook of one sheet."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(at, column, value)
    return path
