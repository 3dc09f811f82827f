"""Puts a verified site in the place of the one before, keeps the last ones, and brings one of them back."""
