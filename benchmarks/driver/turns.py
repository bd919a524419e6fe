"""Two sides that are asked in turns."""

import time


class Turns:
    """The two sides by name, the waiting one watched."""

    def __init__(self, engines):
        self.engines, self.idle = {engine.name: engine for engine in engines}, 0.0

    def ask(self, round_number, command, **arguments):
        """One turn each; who goes first changes with the round."""
        names = sorted(self.engines, reverse=round_number % 2 == 0)
        answers = {}
        for name in names:
            waiting = self.engines[names[0] if name == names[1] else names[1]]
            start, before = time.perf_counter(), waiting.cpu_seconds()
            answers[name] = self.engines[name].ask(command, **arguments)
            share = (waiting.cpu_seconds() - before) / (time.perf_counter() - start)
            self.idle = max(self.idle, share)
        return answers
