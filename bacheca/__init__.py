"""Community portals built from Markdown, with forms whose answers the community keeps."""
