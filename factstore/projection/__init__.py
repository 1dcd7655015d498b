"""The tables that answer questions, folded from the ledger: nothing else writes them, and `rebuild` makes them again.

Rows of things have *versions*: from one position until another, so that any earlier state can be asked. A *placement*
is where a fact may lie once dates, evidence and orderings are reconciled; earlier placements are kept beside it. A
*tie* is an ordering in force; what contradicts is *set aside*, with the chain of what cannot all hold.

For each record `fold` adds or ends versions (`columns` translates fields). When the commit ends, `placing` reads the
constraints in force around what changed (`live`), has them judged (`factstore.reasoning`), and writes the placements
that differ; `search` brings the index of words up to date. `replay` does all this for a whole ledger, and compares.
`tombstones` are what is left of redacted things.
"""
