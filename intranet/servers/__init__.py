"""The processes: `embedded` (everything, or realtime alone), `web`, `worker`.

Each is started by `intranet run` with `python -m`, so that it imports in its own order.
"""
