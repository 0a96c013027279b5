"""The ledger: editions, batches, views and their proofs."""
