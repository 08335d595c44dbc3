"""Web push: what happens reaches a device that has nothing of ours open (RFC 8030, 8291, 8292)."""
