"""What the parts of the report say: each module composes one section from the review's values, without disk or clock."""

from __future__ import annotations
