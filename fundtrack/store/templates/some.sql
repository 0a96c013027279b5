SELECT {columns}
FROM {table}_log AS own
ANTI JOIN (SELECT row_key, batch_id FROM {table}_log WHERE batch_id <= $1 {only}) AS later
    ON later.row_key = own.row_key AND later.batch_id > own.batch_id
WHERE own.batch_id <= $1 AND own.op = 'put'
