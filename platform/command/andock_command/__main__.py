"""`python -m andock_command` is `andock`."""

from andock_command.main import main

main()
