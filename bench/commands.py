"""A finished command, with what it cost."""
import os
import subprocess
import tempfile
import time


class Run:
    """Seconds, processor seconds, MiB, and what was printed.

    `time` starts the command, because the kernel counts the size of whoever starts one as the
    size of the command itself, and Python is larger than weir.
    """

    def __init__(self, arguments: list[str], environment: dict[str, str], accepted=(0,)):
        with tempfile.NamedTemporaryFile() as peak, tempfile.TemporaryFile() as output:
            start = time.monotonic()
            process = subprocess.Popen(["/usr/bin/time", "-f", "%M", "-o", peak.name, *arguments],
                                       env=environment, stdout=output, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            self.processor = usage.ru_utime + usage.ru_stime
            self.memory = int(peak.read().split()[-1]) / 1024
            output.seek(0)
            self.output = output.read().decode()
        if process.returncode not in accepted:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {process.returncode}\n"
                               f"{self.output[-2000:]}")
