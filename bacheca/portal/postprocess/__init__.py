"""What is done to rendered pages before they are published."""
