"""All questions, answered as of one position of the ledger, and the values that they return. Reads only.

A *clock* (`clocks`) chooses the position, and what evidence counts. A `Repository` (`repository`) is a connection at
that position: its templates of SQL are read as of the clock, so that all that is built on it is right on any clock.

`names` finds what people mean, `filter` narrows listings, `witnesses` reads evidence and its origins. `timeline` has
the questions about time, `questions` answers them with `time_search`, for which `reasons` gives the reasons; `far`
and `runs` are for dates that bounds describe badly. `history`, `commits` and `diff` are about the records themselves,
`conflicts` about what contradicts, `cautions` says what counts but should be looked at again (`outlived`: values whose
evidence is withdrawn), `dossiers` gives all that is known of one thing. `entries` gives the chronology back as a
document. Answers are named tuples (`answers`, `dossier_answers`), in lists that notebooks can show (`listing`).
"""
