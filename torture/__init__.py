"""`make torture`: what a ledger is put through before anybody is told to trust it, each round seeded and repeatable.

- `kills`: writers are killed, and the power is cut, at random moments and at chosen calls;
- `faults`: the disk is full, or fails, at every call that changes a file, one after the other;
- `crowd`: many write and read at once;
- `damage`: files that somebody or something has changed.

`run` is the command; the test suite runs a little of each.
"""
