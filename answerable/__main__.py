"""`python -m answerable`."""

from answerable.workers.main import main

main()
