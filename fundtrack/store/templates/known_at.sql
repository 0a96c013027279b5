CREATE OR REPLACE MACRO {table}_at(batch) AS TABLE
SELECT {columns}
FROM {table}_log
SEMI JOIN (SELECT row_key, max(batch_id) AS batch_id FROM {table}_log WHERE batch_id <= batch GROUP BY row_key) AS newest
    USING (row_key, batch_id)
WHERE op = 'put'
