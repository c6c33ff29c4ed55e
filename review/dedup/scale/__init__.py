"""Deduplication of more records than memory holds: the same steps over an embedded or a distributed engine."""
