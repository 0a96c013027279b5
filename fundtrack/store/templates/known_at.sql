CREATE OR REPLACE MACRO {table}_at(batch) AS TABLE
SELECT {columns}
FROM (SELECT * FROM {table}_log WHERE batch_id <= batch)
QUALIFY row_number() OVER (PARTITION BY row_key ORDER BY batch_id DESC) = 1 AND op = 'put'
