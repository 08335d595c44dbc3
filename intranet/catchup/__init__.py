"""What came while somebody was away: finite, explained, and ended by "you are up to date"."""
