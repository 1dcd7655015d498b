"""`make bench`: how fast it is, each figure beside its aim and, where there is one, beside a peer in the same run.

`python -m bench` measures everything, `python -m bench pages commits` those sections alone; each is a module here, named in
`__main__`. What takes turns is measured in processor time, so that a shared machine weighs on all alike; where a figure is
of the clock on the wall, because it waits for the disk or for others, its row says so.
"""
