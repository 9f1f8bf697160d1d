"""Who does the work of a stage: this process in turn, several processes of this machine, or a Ray cluster.

An engine gives a `Spread` (`pipelines/spread.py`) for the length of a block. The functions and the results are the
same whichever it is.
"""
