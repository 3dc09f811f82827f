"""Pages made of staged Markdown by the parts of MkDocs, over all processors, and kept for the builds to come."""
