"""Trees on disk: two that change places, and one that is out of the way."""
