-- scalar rule_status(found, bound_by): 状态：超出协议或依据的为疑点，超出参照的为提示，不能判断的为数据待补 / Status: suspected against an agreement or a rule, a hint against a reference, incomplete where nobody can tell
-- read by: the macros check_*_at and finding_check_at
CREATE OR REPLACE MACRO rule_status(found, bound_by) AS
CASE
    WHEN found IS NULL THEN 'incomplete'
    WHEN NOT found THEN 'clear'
    WHEN bound_by IN ('agreement', 'rule') THEN 'suspected'
    ELSE 'hint'
END
