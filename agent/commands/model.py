"""`medalist model pull` and `medalist model serve`: the embedded model's file and server."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from medalist.agent.commands.console import data, err, say
from medalist.agent.llm.embedded import pull as pulling
from medalist.agent.llm.embedded.model_files import DEFAULT_SIZE, find_weights
from medalist.agent.llm.embedded.server_process import Server
from medalist.errors import ModelFailure

app = typer.Typer(help="The embedded model: fetch it, serve it.", no_args_is_help=True)

SizeArgument = Annotated[str, typer.Argument(help="Which one: 1.5b or 0.5b.")]


@app.command()
def pull(size: SizeArgument = DEFAULT_SIZE) -> None:
    """Fetch the embedded model's file; go on where an earlier pull stopped."""
    weights = find_weights(size)
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=weights.size_bytes)

        def report(progress: pulling.Progress) -> None:
            what = "verifying" if progress.verifying else f"from {progress.source}"
            bar.update(task, description=what, completed=progress.done_bytes)

        path = pulling.pull(weights, report)
    data(str(path))


@app.command()
def serve(
    size: SizeArgument = DEFAULT_SIZE,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8012,
) -> None:
    """Serve the embedded model to other programs (OpenAI API, loopback only) until Ctrl-C."""
    weights = find_weights(size)
    server = Server(weights, port=port)
    try:
        data(server.base_url)
        say(f"serving {weights.name}; use it with: export OPENAI_BASE_URL={server.base_url}")
        while server.alive():
            time.sleep(1)
        raise ModelFailure("the embedded model's server has died")
    finally:
        server.close()
