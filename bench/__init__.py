"""Benchmarks: each measures one promise of the README against a named peer and prints a ratio."""
