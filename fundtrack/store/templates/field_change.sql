SELECT
    l.batch_id, '{table}' AS table_name, l.row_key, l.op, l.sheet, l.row_number, l.earlier_batch, {event} AS event_on,
    unnest([{names}]) AS field,
    unnest([{old}]) AS old_value,
    unnest([{new}]) AS new_value
FROM (
    SELECT *, lag(batch_id) OVER (PARTITION BY row_key ORDER BY batch_id) AS earlier_batch
    FROM {table}_log
    WHERE batch_id <= batch
) AS l
LEFT JOIN {table}_log AS e ON e.row_key = l.row_key AND e.batch_id = l.earlier_batch
WHERE l.earlier_batch IS NOT NULL OR l.batch_id > (
    SELECT max(f.batch_id) FROM batch AS f
    WHERE f.edition = (SELECT min(g.edition) FROM batch AS g JOIN {table}_log AS h ON h.batch_id = g.batch_id)
)
