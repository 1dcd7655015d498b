"""Chronologies as documents: what a file says is read into entries, with every problem by its line; and written again."""
