"""Keeping a ledger: verified, explained where damaged, copied, upgraded."""
