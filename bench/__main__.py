"""`make bench`: the home page and its data at three sizes. Others: `python -m bench.sockets`."""

from bench.pages import main

if __name__ == "__main__":
    main()
