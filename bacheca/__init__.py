"""Community portals built from Markdown, with forms whose answers the community keeps."""

__version__ = "0.3.0.dev0"
"""The release; `CHANGELOG.md` says what each one brought."""
