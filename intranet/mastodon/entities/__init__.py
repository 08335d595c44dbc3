"""Mastodon's entities, made of our read models. They are finished dicts: ids are strings, no key
is ever left out, arrays are never null."""
