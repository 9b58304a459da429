"""Verdicts on infrastructure code beside those of other tools."""
