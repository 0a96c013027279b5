"""Words for choices that mean the same as the template's: 初创期 is 初创, 季度报告 is 季报."""

import re
from collections.abc import Sequence
from typing import Final

from fundtrack.model.fields import Choice

_TAIL: Final = re.compile(
    r"(?:阶段|期|类型|类|型|性质|投资|方式|资本|资金|基金|出资人|报告|报|round|stage|capital|money|fund|report)$"
)
_SAME: Final[dict[str, tuple[str, ...]]] = {
    "季报": ("季度报告", "季度报", "季度", "一季报", "三季报", "第三季度报告", "第一季度报告"),
    "半年报": ("半年度报告", "半年度报", "中报", "中期报告", "半年度"),
    "年报": ("年度报告", "年度报", "年度"),
    "审计报告": ("年度审计报告", "审计", "经审计年报"),
    "缴款": ("出资", "实缴", "实缴出资", "拨付", "拨款", "capitalcall", "drawdown", "contribution"),
    "分配": ("分红", "收益分配", "利润分配"),
    "股权": ("股权投资", "普通股", "优先股", "增资", "commonstock", "preferredstock"),
    "可转债": ("可转换债券", "可转股债权", "convertiblenote", "convertiblebond"),
    "债权": ("借款", "债权投资", "loan"),
    "市引导基金": ("杭州市引导基金", "市级引导基金", "市创投引导基金"),
    "其他财政资金": ("区县引导基金", "省级引导基金", "其他政府资金"),
    "国有资本": ("国有企业", "国企", "国有", "国资"),
    "管理人及团队": ("管理人", "普通合伙人", "gp", "管理团队", "基金管理人"),
    "社会资本": ("民营企业", "民营资本", "社会资金", "社会出资"),
    "自然人": ("个人", "个人投资者", "individual"),
    "现金分红": ("分红", "股息", "股利"),
    "上市": ("ipo退出", "公开上市", "二级市场减持"),
    "并购": ("并购退出", "m&a"),
    "回购": ("回购退出", "管理层回购", "股东回购"),
    "转让": ("股权转让", "协议转让", "股转"),
    "清算": ("破产清算", "清算退出"),
    "创投": ("创业投资", "创业投资引导基金", "创投引导基金"),
    "天使": ("天使投资", "天使引导基金", "天使投资引导基金"),
    "跨境": ("跨境投资", "跨境引导基金"),
}
"""Other words for a choice, by its Chinese label."""


def same_choice(key: str, choices: Sequence[Choice]) -> Choice | None:
    """The one choice that a word means; None where none or several could be meant.

    >>> stages = [Choice("seed", "种子", "Seed"), Choice("startup", "初创", "Start-up")]
    >>> same_choice("初创期", stages).value, same_choice("成熟期", stages)
    ('startup', None)

    Args:
        key: what is written, without blanks, in lower case.
        choices: what is allowed.
    """
    listed = [option for option in choices if key in _SAME.get(option.zh, ())]
    if len(listed) == 1:
        return listed[0]
    short = _TAIL.sub("", key)
    alike = [
        option
        for option in choices
        if short and short in {_TAIL.sub("", _bare(option.zh)), _TAIL.sub("", _bare(option.en))}
    ]
    return alike[0] if len(alike) == 1 else None


def _bare(word: str) -> str:
    return "".join(word.lower().split())
