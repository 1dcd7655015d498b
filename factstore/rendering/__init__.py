"""Answers as text: for a terminal, for scripts, as Markdown and HTML.

All take the same answers, and change no value. `text` (listings), `dossier` (one thing) and `commits` are for people;
`lines` fits what they write to a terminal, in colour, and lets no control character through. `data` is for scripts:
JSON, JSON Lines and CSV. `markdown` and `page` are to be pasted and handed on, with a footnote for each source.
`days` writes dates in words.
"""
