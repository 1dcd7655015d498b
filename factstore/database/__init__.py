"""Tables, views and statements, and the engines beneath them. Nothing here knows what a fact is.

`tables` and `views` describe each column, for the schema, its documentation and the browser; the packages contain what
belongs to one engine alone.
"""
