"""Strategies, the runs made of them, and what a refresh finds."""
