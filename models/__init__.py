"""Text in, numbers out: encoders, sentiment models, the shipped weights, their training and their cards.

Knows nothing of customers, files, databases or the web.
"""
