"""Forms as HTML: the page, the check page, the privacy summary."""
