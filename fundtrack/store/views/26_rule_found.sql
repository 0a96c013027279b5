-- scalar rule_found(sure, own, bound_by, unset, over): 规则是否成立：数据本身已清楚的为否；既无约定也无依据的不能判断；有效依据缺参数值、又未超过参照值的，不能判断 / Whether a rule finds something: not where the data leave no doubt; unknown where nothing binds, and where a rule in force lacks its value and the reference is not passed
-- read by: the macros check_*_at and finding_check_at
CREATE OR REPLACE MACRO rule_found(sure, own, bound_by, unset, over) AS
CASE
    WHEN sure THEN false
    WHEN NOT own AND bound_by IS NULL THEN NULL
    WHEN NOT own AND unset AND bound_by = 'reference' AND NOT over THEN NULL
    ELSE over
END
