"""PostgreSQL, 15 and later: a ledger is a schema of a database. Imported only where a ledger's URL says so."""
