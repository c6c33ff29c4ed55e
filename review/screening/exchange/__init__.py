"""Decisions from and for other programs: ASReview, Rayyan, Covidence, and RIS with labels."""

from __future__ import annotations
