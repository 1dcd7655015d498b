"""What sources say, as pure functions: stances and statuses, quotes found in texts, names of speakers."""
