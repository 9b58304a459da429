"""Checks, converts and tries the Sigma pack."""
