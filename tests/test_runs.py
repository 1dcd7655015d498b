"""Sets of days: what is certain of a fact that happens in runs, tried against every way in which it may have been."""
