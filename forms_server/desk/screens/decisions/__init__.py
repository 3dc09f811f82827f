"""What somebody decides: which comments are published, which answers are let in, which letters are tried again."""
