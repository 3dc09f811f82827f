"""People who are made up, to walk a form along every branch."""
