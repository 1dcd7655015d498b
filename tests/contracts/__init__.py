"""What all engines promise: one test suite, which each engine's tests inherit and give places for ledgers."""
