"""Writes the letters of the outbox, when their turn comes: in the recipient's language and time
zone, from what the recipient may see then."""
