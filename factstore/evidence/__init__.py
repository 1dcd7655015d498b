"""What sources say, as pure functions: no facts of a ledger, no database.

A citation has a *stance* (asserts, foretells, denies, silent), and a fact's *status* follows from the stances of its
live citations (`stances`). An *attribution* is the chain from the one who spoke to the document (`chains`);
`speakers` finds the *origin* at its beginning, so that outlets that repeat one origin count once.

A quote is searched for in the archived text of its source (`quotes`). Text and quote are first levelled: markup
(`markup`), spaces, dashes and quotation marks are made alike, and `edits` remembers where each character came from,
so that the place found is a place in the text as it was archived.
"""
