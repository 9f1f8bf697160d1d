"""Codebooks that come with Xinsheng, as data: `starter.csv` has the touchpoints of a customer's journey, zh and en."""

from pathlib import Path

STARTER = "starter"
"""What the starter codebook is called where a file name would stand."""
STARTER_FILE = Path(__file__).with_name("starter.csv")
