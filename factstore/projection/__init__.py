"""The tables that answer questions, folded from the ledger: nothing else writes them, and `rebuild` makes them again."""
