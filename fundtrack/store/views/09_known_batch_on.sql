-- macro known_batch_on(moment): 某一时刻（UTC）已知的最后一个批次，供各 _at 宏作 batch 参数 / The last batch known at a moment (UTC), to be given to the _at macros
-- known_batch_on.batch_id: 批次 / Batch
-- read by: auditors: progress_at(DATE '2017-09-30', (SELECT batch_id FROM known_batch_on(TIMESTAMP '2017-10-20 16:00')))
CREATE OR REPLACE MACRO known_batch_on(moment) AS TABLE
SELECT max(last_batch_id) AS batch_id FROM edition WHERE published_at <= moment
