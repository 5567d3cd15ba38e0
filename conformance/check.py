"""Counts checks and prints one line for each of them."""

import traceback


class Checks:
    def __init__(self):
        self._failed = 0

    def equal(self, name, got, expected):
        self._report(name, got == expected, expected, got)

    def true(self, name, holds, expected="true", got="false"):
        self._report(name, bool(holds), expected, got)

    def fails(self, name, error_class, action, code=None, says=None):
        """Passes when `action` raises `error_class`, with this code and text; returns the error."""
        expected = " ".join(filter(None, [error_class.__name__, code, says and repr(says)]))
        try:
            result = action()
        except Exception as error:
            actual_code = getattr(error, "error_code", None) or getattr(error, "sqlstate", None)
            got = f"{type(error).__name__} {actual_code} {str(error).strip()!r}"
            holds = (
                isinstance(error, error_class)
                and (code is None or code == actual_code)
                and (says is None or says in str(error))
            )
            self._report(name, holds, expected, got)
            return error
        self._report(name, False, expected, f"no error but {result!r}")
        return None

    def chapter(self, title, walk):
        """Runs one part of a walk; an error that nobody expected counts as a failed check."""
        print(f"-- {title}", flush=True)
        try:
            walk()
        except Exception as error:
            traceback.print_exc()
            self._report(title, False, "no error", f"{type(error).__name__} {error}")

    def finish(self):
        """Says that the walk came to its end; run.sh misses this line when it did not."""
        print("end of walk", flush=True)
        return 1 if self._failed else 0

    def _report(self, name, holds, expected, got):
        if holds:
            print(f"ok    {name}", flush=True)
            return
        self._failed += 1
        flat = " ".join(f"expected {expected}, got {got}".split())
        print(f"FAIL  {name}: {flat}", flush=True)
