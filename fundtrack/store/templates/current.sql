CREATE OR REPLACE VIEW {table} AS
SELECT {columns}
FROM {table}_log
SEMI JOIN (SELECT row_key, max(batch_id) AS batch_id FROM {table}_log GROUP BY row_key) AS newest
    USING (row_key, batch_id)
WHERE op = 'put'
