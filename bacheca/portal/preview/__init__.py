"""The preview with live reload."""
