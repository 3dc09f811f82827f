"""Mutation testing of what matters most, in the long run and not in CI: `make mutants`."""
