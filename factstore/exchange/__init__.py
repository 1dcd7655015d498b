"""Chronologies in other people's formats: spreadsheets and timelines in, reports and data out.

One module for each format. What comes in becomes a document of ours (`factstore.documents`), to be loaded or written out;
what goes out is read from a chronology, and what the format has no room for is counted.
"""
