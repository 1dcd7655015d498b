"""Chronologies in other people's formats: spreadsheets and timelines in, reports and data out.

There is a module for each format. A file that comes in becomes a document (`factstore.documents`), to be loaded or written
out. An export is read from a chronology, and what the format has no room for is counted.
"""
