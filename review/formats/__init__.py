"""Bibliographic files to records and findings, and back."""

from __future__ import annotations

from review.formats.registry import FORMATS
from review.formats.registry import iterate_file
from review.formats.registry import parse_bytes
from review.formats.registry import read_file
from review.formats.registry import recognise
from review.formats.result import Parsed
from review.formats.result import Refusal

__all__ = ["FORMATS", "Parsed", "Refusal", "iterate_file", "parse_bytes", "read_file", "recognise"]
