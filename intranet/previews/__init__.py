"""Previews of links: fetched once by a worker, kept, and shown below posts."""
