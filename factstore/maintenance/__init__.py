"""Keeping a ledger: verifying, explaining damage, copying, sharing, rebuilding, upgrading.

Nothing here trusts what a file says of itself: `verifying` rereads all bytes and folds the ledger afresh to compare.
What makes a file (`backups`, `sharing`) writes it beside its place, verifies it, and only then gives it its name;
nothing is ever overwritten. `rebuilding` refuses if the ledger is not as it was written, since that cannot be
computed again.

`faults` blames a damaged table if an answer fails because of it. `comparing` and `statements` are about proofs
between two people: which of two copies goes on, and the head as a text to be signed. `standalone` is the program that
verifies without us.
"""
