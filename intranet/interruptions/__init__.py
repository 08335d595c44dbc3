"""When somebody may be interrupted, by what, and what is delivered once they may."""
