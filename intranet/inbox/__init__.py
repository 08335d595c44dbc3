"""Notifications as their reader sees them: under the posts' predicate, grouped by thread."""
