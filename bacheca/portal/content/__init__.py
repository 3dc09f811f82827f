"""The model of what editors write: pages, articles, events, variables."""
