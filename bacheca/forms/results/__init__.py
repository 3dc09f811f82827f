"""Results: from exact counts, through disclosure control, to a package and to charts that everybody may see."""
