"""All SQL of Xinsheng: one file per noun, functions that take a database and give records.

`system.py` and `projects.py` speak to `system.db`; everything else to one project's file.
"""
