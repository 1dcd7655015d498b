"""`make bench`: how fast it is, each figure beside its aim and, if there is one, beside a peer measured in the same run.

`python -m bench` measures everything, `python -m bench pages commits` only those sections; each is a module here, named in
`__main__`. Programs that are compared take turns and are measured in processor time, so that other load on the machine
affects them equally; a row says so if its figure is wall time, since the work waits for the disk or for others.
"""
