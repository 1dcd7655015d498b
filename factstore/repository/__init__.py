"""The layer through which everything is asked: values that come back, and the questions, as of one position of the ledger."""
