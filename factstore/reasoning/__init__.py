"""What follows from bounds and stated orders, and what contradicts them: a temporal network, without a database.

Start with the head of `network`. `constraints` turns dates, evidence and stated orders into edges; `places` decides where
each fact stands in a timeline.
"""
