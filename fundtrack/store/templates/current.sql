CREATE OR REPLACE VIEW {table} AS
SELECT {columns}
FROM {table}_log
QUALIFY row_number() OVER (PARTITION BY row_key ORDER BY batch_id DESC) = 1 AND op = 'put'
