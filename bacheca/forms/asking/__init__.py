"""How a question is asked: when, in which order of its options, in which words."""
