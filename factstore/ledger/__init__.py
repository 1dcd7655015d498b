"""The list of records, the only source of truth: what a record is, how records are appended, read and checked.

A *record* (`record`) is a header, chained to the one before it by its hash, and a *payload*, hashed with a salt, so
that it can be redacted without breaking the chain. `kinds` lists the kinds and versions as plain data; `payloads` has
a model for each, made of `fields`. Payloads name other things by position (`references`).

In: `append` takes payloads, which `sealing` makes into records, as canonical JSON (`canonical`), under the writer's
lock. Out: `chain` reads the records in order, each as the newest version of its kind. `verify` rereads all bytes,
record by record (`soundness`). `texts` keeps the archived texts of sources, which the ledger names by their hash;
`part` is about files with all headers and only some of the payloads.
"""
