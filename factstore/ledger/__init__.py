"""The list of records, the only source of truth: kinds, fields, bytes, hashes, and how records are appended and checked."""
