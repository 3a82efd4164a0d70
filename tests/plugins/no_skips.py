"""On CI a test that was skipped or expected to fail fails the run: what was not run proves nothing.

Elsewhere a skip stays a skip, so that somebody without a part can still run the rest.
"""

import os

import pytest


class NoSkips:
    """Collects what was left out and turns it into a failing exit status with the names."""

    def __init__(self) -> None:
        self.left_out: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test, and one that was expected to fail whichever way it went."""
        if report.skipped or hasattr(report, "wasxfail"):
            self.left_out[report.nodeid] = _reason(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a whole file that was left out, as by ``importorskip``."""
        if report.skipped:
            self.left_out[report.nodeid] = _reason(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that would pass but left something out."""
        if self.left_out and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name everything that was left out."""
        if not self.left_out:
            return
        terminalreporter.section("skipped on CI, which is a failure", red=True, bold=True)
        for nodeid, reason in sorted(self.left_out.items()):
            terminalreporter.line(f"{nodeid}: {reason}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """What the test says about why it is left out."""
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return f"expected to fail: {expected or 'no reason given'}"
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2]
    return str(report.longrepr)


def pytest_configure(config: pytest.Config) -> None:
    """Join in on CI, in the process that reports and not in those it hands tests to."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(NoSkips(), "no_skips")
