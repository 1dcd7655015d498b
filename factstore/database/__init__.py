"""Tables, views and statements, and the engine beneath them. Nothing here knows what a fact is.

`tables` and `views` say what each column means, for the schema, its documentation and the browser; what belongs to one engine
alone stands in the package of its name.
"""
