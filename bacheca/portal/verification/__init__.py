"""What is looked at in a built site before it is published: whether others can read what it says."""
