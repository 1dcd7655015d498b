"""The list of records that is the only truth: their kinds and fields, bytes and hashes, how they are appended and checked."""
