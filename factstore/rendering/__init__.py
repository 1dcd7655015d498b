"""Answers as text: for a terminal, as data, as Markdown and HTML."""
