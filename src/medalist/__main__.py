"""`python -m medalist` is the `medalist` command."""

from medalist.agent.commands.main import run

if __name__ == "__main__":
    run()
