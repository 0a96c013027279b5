"""Rules as pure functions of the ledger on a day: who was examined, what was found, by which limit, with which rows as evidence."""
