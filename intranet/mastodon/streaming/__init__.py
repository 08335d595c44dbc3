"""Live messages for programs: https://docs.joinmastodon.org/methods/streaming/

A line (a WebSocket, or server-sent events) has subscriptions to streams. What happens reaches the
hub of each process that holds lines; it fetches every post through the viewer, by the statements
of the timeline that the stream belongs to, so that a line tells nothing that a page would not.
"""
