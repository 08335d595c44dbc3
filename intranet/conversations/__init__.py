"""Conversations: direct threads as the people in them have them."""
