"""The hook of a bare repository: of pushes that come at once the newest is published, and no older one after it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""The longest that anything is waited for, in seconds: a bound on a hang, not a measure."""

COMMAND = """\
#!/bin/sh
cat page.txt >>"{log}"
env >"{log}.env"
cat "{gate}"
grep -q wrong page.txt && exit 1 || exit 0
"""


class Repository:
    """A bare repository whose command writes down what it is given, and waits for a word at each time."""

    def __init__(self, folder: Path):
        self.folder, self.bare, self.log = folder, folder / "portal.git", folder / "log"
        self.gate = folder / "gate"
        os.mkfifo(self.gate)
        command = folder / "bacheca"
        command.write_text(COMMAND.format(log=self.log, gate=self.gate))
        command.chmod(0o755)
        self.git("init", "-q", "--bare", "-b", "main", str(self.bare))
        self.git("-C", str(self.bare), "config", "bacheca.command", str(command))
        shutil.copy(ROOT / "deploy/post-receive", self.bare / "hooks/post-receive")
        self.git("init", "-q", "-b", "main", str(folder / "editor"))

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Prova", "-c", "user.email=prova@example.org"]
        return subprocess.run(["git", *identity, *words], check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, text: str) -> None:
        (self.folder / "editor/page.txt").write_text(f"{text}\n")
        self.git("-C", str(self.folder / "editor"), "add", "-A")
        self.git("-C", str(self.folder / "editor"), "commit", "-q", "-m", text)

    def push(self, text: str) -> subprocess.Popen[str]:
        """Begin to push a commit; it ends once its site is published."""
        self.commit(text)
        editor = str(self.folder / "editor")
        # A push of its own for each commit: the next one is made while this is under way.
        self.git("-C", editor, "branch", text)
        command = ["git", "-C", editor, "push", "--force", str(self.bare), f"{text}:main"]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"BACHECA_ALLOW": "hooks"})

    def run_hook(self, command: list[str], given: str = "") -> str:
        """Run the hook as the operator or the timer does, and let it publish; give what it says."""
        hook = subprocess.Popen(
            command, cwd=self.bare, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if "again" in command:
            self.open()
        return hook.communicate(given)[0]

    def open(self) -> None:
        """Let whoever waits go on; block until somebody does."""
        self.gate.write_text("")

    @property
    def published(self) -> list[str]:
        return self.log.read_text().split()


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    def give_up(*_: object) -> None:
        raise AssertionError("somebody waits for ever")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield Repository(tmp_path)
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def line_with(pusher: subprocess.Popen[str], text: str) -> str:
    assert pusher.stderr
    for line in pusher.stderr:
        if text in line:
            return line
    raise AssertionError(f"nobody says: {text}")


def test_of_pushes_that_come_at_once_the_newest_is_published_next_and_no_older_one_after_it(
    repository: Repository,
) -> None:
    first = repository.push("uno")
    with repository.gate.open("w"):  # it is at work, and waits
        second = repository.push("due")
        assert line_with(second, "waiting for it")
        third = repository.push("tre")
        assert line_with(third, "waiting for it")
    said = [first.communicate()[1]]  # until it has ended, the gate would open for it once more
    repository.open()
    said += [pusher.communicate()[1] for pusher in (second, third)]
    assert "uno: live after" in said[0]
    assert "tre came after it" in said[1]
    assert sum("live after" in text for text in said) == 2
    assert sum("It is live already." in text for text in said) == 1
    assert repository.published == ["uno", "tre"]


def test_what_is_not_published_is_said_and_tried_again_with_the_next_push(repository: Repository) -> None:
    for text, said in (("wrong", "NOT published, and the site of before stays"), ("mended", "mended: live after")):
        pusher = repository.push(text)
        repository.open()
        assert said in pusher.communicate()[1]
        assert pusher.returncode == 0  # git took it before the hook began
    assert repository.published == ["wrong", "mended"]


def test_a_fault_that_is_not_the_commits_is_said_and_the_same_commit_is_published_again(
    repository: Repository,
) -> None:
    (repository.bare / "publish").touch()  # where its folder should be: it can be neither locked nor unpacked
    pusher = repository.push("uno")
    said = pusher.communicate()[1]
    assert "uno: NOT published, and the site of before stays" in said
    assert "git commit --allow-empty" in said
    (again,) = re.findall(r" -- (\S+ again)", said)
    (repository.bare / "publish").unlink()
    assert "uno: live after" in repository.run_hook(again.split())


def test_a_site_that_was_rolled_back_is_not_called_live_and_comes_back_when_asked_for(repository: Repository) -> None:
    hook = str(repository.bare / "hooks/post-receive")
    site = repository.folder / "public/site"
    site.parent.mkdir()
    site.symlink_to("site.kept/2")
    pusher = repository.push("uno")
    repository.open()
    pusher.communicate()
    timer = f"0 {repository.git('-C', str(repository.bare), 'rev-parse', 'main')} refs/heads/main\n"
    assert "It is live already." in repository.run_hook([hook], timer)
    site.unlink()
    site.symlink_to("site.kept/1")
    said = repository.run_hook([hook], timer)  # it is the timer's, which undoes no rollback
    assert "what is shown now is site.kept/1" in said
    assert f"{hook} again" in said
    assert repository.published == ["uno"]
    assert "uno: live after" in repository.run_hook([hook, "again"])
    (repository.bare / "publish/published").write_text(timer.split()[1] + "\n")  # as it was written once
    assert "It is live already." in repository.run_hook([hook], timer)


def test_nothing_of_the_session_reaches_the_command_and_nothing_committed_its_build(repository: Repository) -> None:
    planted = repository.folder / "editor/build/cache/planted"
    planted.parent.mkdir(parents=True)
    planted.write_text("x")
    pusher = repository.push("uno")
    repository.open()
    pusher.communicate()
    tree = repository.bare / "publish/tree"
    assert (tree / "page.txt").is_file()
    assert not (tree / "build").exists()
    environ = dict(line.split("=", 1) for line in Path(f"{repository.log}.env").read_text().splitlines())
    assert environ.keys() <= {"PATH", "HOME", "LC_ALL", "PYTHONSAFEPATH", "PWD", "OLDPWD", "SHLVL", "_"}
    (tree / "build").mkdir()
    (tree / "build/made").write_text("by a build")
    pusher = repository.push("due")
    repository.open()
    pusher.communicate()
    assert [path.name for path in (tree / "build").iterdir()] == ["made"]


def test_a_push_to_another_branch_or_of_nothing_publishes_nothing(repository: Repository) -> None:
    repository.commit("uno")
    editor = str(repository.folder / "editor")
    repository.git("-C", editor, "push", "-q", str(repository.bare), "HEAD:refs/heads/prova")
    repository.git("-C", str(repository.bare), "config", "bacheca.branch", "prova")
    repository.git("-C", editor, "push", "-q", str(repository.bare), ":refs/heads/prova")
    assert not repository.log.exists()
