"""`make torture`: tests of what a ledger promises when things go wrong. Each round is seeded and can be repeated.

- `kills`: writers are killed, and the power is cut, at random moments and at chosen calls;
- `faults`: the disk is full, or fails, at one call after another that changes a file;
- `crowd`: many processes write and read at once;
- `damage`: files that somebody or something has changed.

`run` is the command; the test suite runs a little of each.
"""
