"""The door for programs: the client API that Mastodon apps speak, over the same domain."""
