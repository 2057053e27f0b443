"""Publishes homes in child processes that kill themselves: `killed.py ROOT NOW CASE…`.

A case is a step that `publish` announces, or `step:n`: before the n-th change of the file system since then.
The home of a case is `ROOT/<case>`. The case `none` publishes to the end and prints the changes of each step.
"""

import json
import os
import signal
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.publishing import release

_CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "shutil.copyfile"}


def publish(home: Home, now: datetime, case: str) -> Counter[str]:
    """Publishes until the case kills this process; returns how many changes each step made."""
    changes: Counter[str] = Counter()
    steps: list[str] = []

    def die(here: str) -> None:
        if here == case:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_step(step: str) -> None:
        steps.append(step)
        changes[step] = 0
        die(step)

    def on_event(event: str, _: object) -> None:
        if steps and event in _CHANGES:
            changes[steps[-1]] += 1
            die(f"{steps[-1]}:{changes[steps[-1]]}")

    sys.addaudithook(on_event)
    release.publish(TableStore(home), home, release.PublishOptions(keep=2), now=now, on_step=on_step)
    return changes


def main() -> None:
    root, now, *cases = sys.argv[1:]
    release.check_duckdb = lambda *_, **__: ()  # the door writes nothing outside the folder being staged
    for case in cases:
        child = os.fork()
        if child == 0:
            changes = publish(Home(Path(root, case)), datetime.fromisoformat(now), case)
            print(json.dumps(changes), flush=True)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code == (0 if case == "none" else -signal.SIGKILL), (case, code)


if __name__ == "__main__":
    main()
