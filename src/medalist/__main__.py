"""`python -m medalist` and the `medalist` script."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is still loading ends it as quietly as later."""
    try:
        from medalist.agent.commands.main import run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
