"""Tables, views and statements, and the engines beneath them. Nothing here knows what a fact is.

An *engine* is what differs from one database to another; `engine` says what each must do, as protocols, and `opening`
chooses one by a path or URL. `sqlite` and `postgresql` are siblings, with the same names for the same parts.

`tables` and `views` describe each column once, for the schema, its documentation and the browser; `names` lists them
for code that asks. A statement is a *template*, one text for all engines, in which `templates` names the few words
that each spells in its own way; `statements` runs it on a connection of the driver, and values are always bound.
`buffer` collects the rows of a commit.
"""
