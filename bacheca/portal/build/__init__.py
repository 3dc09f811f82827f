"""A build, step by step: read, stage, render, finish."""
