"""The processes that are timed: each stays up, waits on its standard input between turns, and answers a line with a line."""

import json
import os
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BLIS = "/usr/lib/x86_64-linux-gnu/blis-openmp"
THREADS = 2


class Process:
    """A child process on THREADS threads. Waiting OpenMP threads soon sleep in all of them: a busy machine punishes spinning."""

    def __init__(self, command, realtime, **environment):
        settings = {"OMP_NUM_THREADS": str(THREADS), "GOMP_SPINCOUNT": "1000", **environment}
        self.child = subprocess.Popen(
            [*(["chrt", "--rr", "10"] if realtime else []), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **settings},
        )

    def line(self, text):
        self.child.stdin.write(text + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.child.args} ended with exit code {self.child.wait()}")
        return answer

    def cpu_seconds(self):
        """Processor time used so far, by all threads."""
        with open(f"/proc/{self.child.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, key):
        """A value of /proc/PID/status, in MiB."""
        with open(f"/proc/{self.child.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(key + ":")) / 1024

    def close(self):
        self.child.stdin.close()
        self.child.wait()


class Engine(Process):
    """One of the two sides."""

    def ask(self, command, **arguments):
        return json.loads(self.line(json.dumps({"command": command, **arguments})))


class PyTorch(Engine):
    name = "PyTorch"

    def __init__(self, realtime):
        preload = f"{BLIS}/libblas.so.3 {BLIS}/libblis.so.4"
        super().__init__(["/usr/bin/python3", f"{HERE}/pytorch/worker.py"], realtime, LD_PRELOAD=preload)


class SlimSpec(Engine):
    name = "SlimSpec"

    def __init__(self, realtime):
        program = f"{HERE}/SlimSpec.Benchmarks/bin/Release/net10.0/SlimSpec.Benchmarks.dll"
        super().__init__(["dotnet", program], realtime)


class Bandwidth(Process):
    def __init__(self, realtime):
        super().__init__([f"{HERE}/.work/bandwidth"], realtime)

    def seconds(self, size, repeats):
        """Seconds of each pass over a buffer of size bytes."""
        return [float(value) for value in self.line(f"{size} {repeats}").split()]


class PeakMemory:
    """Largest resident memory of a process while something runs: all of it, and without the pages of mapped files."""

    def __init__(self, process):
        self.process, self.anonymous, self.done = process, 0.0, False
        self.thread = threading.Thread(target=self.sample)

    def sample(self):
        while not self.done:
            self.anonymous = max(self.anonymous, self.process.memory("RssAnon"))
            time.sleep(0.01)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done = True
        self.thread.join()
        self.resident = self.process.memory("VmHWM")
