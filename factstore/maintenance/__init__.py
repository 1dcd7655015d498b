"""Keeping a ledger: verifying, explaining damage, copying, sharing, upgrading."""
