"""How a run ends when it is asked to."""


def end_on_request(*, is_worker: bool = False) -> None:
    """A request to end (SIGTERM) is met as Ctrl-C is: what was begun is tidied up on the way out. A worker leaves Ctrl-C to the command
    that it works for, which asks it to end."""
    import signal
    import threading

    def end(number: int, _: object) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        if is_worker:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
