"""PostgreSQL, 15 and later: a ledger is a schema of a database. Imported only for ledgers whose URL says so."""
