"""Responses as a data package: tables, codebooks, and formats for other programs."""
