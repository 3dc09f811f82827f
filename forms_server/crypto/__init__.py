"""Secrets: keys, tokens, sealing."""
