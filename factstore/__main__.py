"""The `factstore` command, and `python -m factstore`.

Until a command can say that it was interrupted, Ctrl-C ends the process as it ends any other, without a traceback: most of a
short command's time goes into imports.
"""

import signal


def main() -> None:
    """The `factstore` command."""
    # Where Ctrl-C is ignored, as behind `nohup`, it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from factstore.cli import main as command

    command()


if __name__ == "__main__":
    main()
