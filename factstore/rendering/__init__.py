"""Answers as text: for a terminal, for scripts, as Markdown and HTML.

All take the same answers, and change no value. `text` (listings), `dossier` (one thing) and `commits` are for people;
`lines` fits their output to a terminal, in colour, and lets no control character through. `data` is for scripts:
JSON, JSON Lines and CSV. `markdown` and `page` are for pasting and handing on, with a footnote for each source.
`days` writes dates in words.
"""
