"""SQLite: connections and their triggers, a ledger's file, and its repair."""
