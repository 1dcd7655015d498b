"""SQLite: connections and their guards, a ledger's file, what mends one."""
