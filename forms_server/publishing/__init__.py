"""The ways out: packages, results, quotations, growth."""
