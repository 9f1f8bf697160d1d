"""How the shipped weights were made: `python -m models.training.encoder` and `python -m models.training.sentiment`.

Run by hand on a folder of data given by `--data`; nothing here is needed, or imported, at run time.
"""
