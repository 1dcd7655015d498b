"""All code that makes records: one commit at a time, from calls, documents and corrections, as a whole or not at all."""
