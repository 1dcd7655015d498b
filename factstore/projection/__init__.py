"""The tables that answer, folded from the ledger: never written otherwise, and made again by `rebuild`."""
