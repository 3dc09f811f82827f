"""Copies of the store: made while it is served, checked before they count, and brought back."""
