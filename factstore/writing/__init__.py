"""Everything that makes records: one commit at a time, from calls, documents and corrections, whole or not at all."""
