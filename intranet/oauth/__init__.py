"""Programs that act for people: applications, consent, tokens (OAuth 2)."""
