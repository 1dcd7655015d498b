"""Chronologies as documents: files are read into entries, with all problems and their lines, and written from entries."""
