-- macro known_batch(number): 某数据版本所含的最后一个批次，供各 _at 宏作 batch 参数 / The last batch of an edition, to be given to the _at macros
-- known_batch.batch_id: 批次 / Batch
-- read by: auditors: progress_at(DATE '2017-09-30', (SELECT batch_id FROM known_batch(1)))
CREATE OR REPLACE MACRO known_batch(number) AS TABLE
SELECT last_batch_id AS batch_id FROM edition WHERE edition.edition = number
