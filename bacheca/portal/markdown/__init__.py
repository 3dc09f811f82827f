"""Python-Markdown extensions, which any engine that runs it renders."""
