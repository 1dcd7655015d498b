"""All questions, answered as of one position of the ledger, and the values that they return."""
