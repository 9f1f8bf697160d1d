"""A sample to look around with: half a year of feedback of 山雀 Titmouse, an invented maker of home coffee gear.

Everything in it is made up, people and numbers included. It has what real exports have: Chinese and English,
Traditional and mixed, moods that change within a sentence, answers that say nothing, duplicates, a broken date and a
broken score, remains of markup, and personal data to mask. Behind it lies a story to be found: deliveries slow down
when the warehouse moves in August 2026, and version 5 of the app crashes in September.
"""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

SampleKind = Literal["feedback", "customers", "transcript"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """One file of the sample, and what it is to be read as."""

    name: str
    kind: SampleKind

    @property
    def path(self) -> Traversable:
        """Return where the file lies in the installed package; `read_bytes()` gives its contents."""
        return files(__name__) / self.name


# Customers first, so that feedback finds whom to link to.
SAMPLE_FILES: tuple[SampleFile, ...] = (
    SampleFile(name="customers.csv", kind="customers"),
    SampleFile(name="reviews.csv", kind="feedback"),
    SampleFile(name="survey.csv", kind="feedback"),
    SampleFile(name="interview_zh.md", kind="transcript"),
    SampleFile(name="interview_en.vtt", kind="transcript"),
)
