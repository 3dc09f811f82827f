"""What `mkdocs.yml` says of the portal's own, below `extra`: one table of it, and the check by that table."""
