"""What every engine promises: one suite, which each engine inherits and gives places for ledgers."""
