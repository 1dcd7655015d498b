"""What follows from bounds and stated orders, and what contradicts them: a temporal network, without a database.

The ends of facts are *nodes*, and all that is known of them are *edges*: one end lies at most so long after another
(`edges`). `relations` says what before, during and so on mean as edges; `constraints` turns dates, evidence, lengths
and orderings into them. A `network` keeps the tightest bounds of all nodes, each with the edge that set it, so that
it can say why.

`judging` puts constraints in force in the order of their records, and sets aside those that contradict; `chains`
finds the constraints that a contradiction needs. `closure` says what follows for a few facts; `places` decides where
each fact stands in a timeline.
"""
