"""What follows from bounds and stated orders, and what contradicts: a temporal network, without a database.

Start with the head of `network`. `constraints` says which edges each stated order becomes, `places` where an undated fact
lies.
"""
