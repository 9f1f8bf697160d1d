"""The command line: `xinsheng` with one file per command.

Commands import what they need when they run, so that `xinsheng --help` answers at once.
"""

import click

from app import __version__
from app.cli.analyse import analyse
from app.cli.codebook import codebook
from app.cli.commands import Commands
from app.cli.embed import embed
from app.cli.export import export
from app.cli.models import models
from app.cli.refit import refit
from app.cli.sentiment import sentiment
from app.cli.serve import serve
from app.cli.themes import themes


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xinsheng")
def main() -> None:
    """Xinsheng 心声: customer feedback in Chinese and English into themes, sentiment and the words behind them.

    \b
    xinsheng analyse reviews.csv --out report    a file into a folder of results, report.html among them
    xinsheng serve                               the web app on http://127.0.0.1:8000
    """


for command in (analyse, serve, themes, codebook, export, embed, sentiment, refit, models):
    main.add_command(command)
