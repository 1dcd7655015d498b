"""All code that makes records: one commit at a time, whole or not at all.

`commit` opens a transaction as the only writer, seals and folds what is appended, and ends it; `rules` are the
keywords that say how, `requests` makes a repeated one harmless, `turns` keeps a thread from waiting for itself.
`by_hand` has the calls that can be made in one commit.

A document goes through `document_loader`, entry by entry, and `citation_loader` for the evidence of each (`pairing` if
it has no ids). `comparing` compares them with the ledger (`shelf`) and passes what is new or different to `recorder`,
which checks quotes (`checks`) and appends; `pruning` finds what is no longer in the documents, `as_written` reads dates
from phrases, `tally` counts. `correcting` works out corrections, `reverting` what undoes a commit. A redaction is
`redactor` from the request to the bytes, with `mentioning` to find names and `redacting` to say what goes. `batches`
loads long files in several commits.
"""
