"""Every rule in every status that it can have, each case worked out by hand; and that rules are data."""

import pytest
import rule_cases_stake
from rule_book import Case, seed_rules

from fundtrack.metrics.rules.every import RULES

CASES = [*rule_cases_stake.CASES]
WORDS = {"疑点": "suspected", "提示": "hint", "数据待补": "incomplete", "未见异常": "clear"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.name}")
def test_case(case: Case) -> None:
    found = case.found()
    assert {name: found[name] for name in case.expected()} == case.expected()


def test_every_status_that_a_rule_can_have_is_shown_by_a_case() -> None:
    declared = {row["rule_id"]: {WORDS[word] for word in row["statuses"].split("、")} for row in seed_rules()}
    shown: dict[str, set[str]] = {}
    for case in CASES:
        shown.setdefault(case.rule, set()).add(case.status)
    assert shown == {rule: declared[rule] for rule in RULES}
