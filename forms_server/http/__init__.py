"""What is between a request and an answer: addresses, pages, limits, headers."""
