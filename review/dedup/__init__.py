"""Deduplication: which records are entries of one report, which reports belong together, and why."""
