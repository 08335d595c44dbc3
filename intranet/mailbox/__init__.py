"""The door for incoming mail: replies and bounces that come to our own address."""
