"""Parvis's own JSON interface for programs: what Mastodon's does not know. It hangs on the same
door, so that tokens, scopes, limits and refusals are the same."""
