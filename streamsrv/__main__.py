"""`python -m streamsrv`."""

from streamsrv.cli import main

if __name__ == "__main__":
    main()
