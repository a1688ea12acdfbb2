"""Result folders: whole or not there; nothing saved is lost; refusals that help."""

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from iagkit.core.errors import ModelError, OutputError
from iagkit.wire import process
from iagkit.wire.output import OutputFolder, is_ours

RECORD = b'{"about": {"format": "iagkit-record/1"}}'


def write_run(target, word, **settings):
    with OutputFolder(target, **settings) as folder:
        (folder.path / "record.json").write_bytes(RECORD)
        (folder.path / "report.md").write_text(word)
    return folder


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 kB; a function that makes it read-only."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no 'mount' here")
    if done.returncode:
        pytest.skip("mounting a small disk is not permitted here (needs root)")

    def freeze():
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)

    yield place, freeze
    subprocess.run(["umount", "-l", str(place)], check=True)


def killed(script, *arguments):
    """Run a script that kills itself with SIGKILL in the middle."""
    code = "import os, signal\ndie = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
    command = [sys.executable, "-c", code + textwrap.dedent(script), *map(str, arguments)]
    assert subprocess.run(command, check=False).returncode == -9


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_the_target_appears_only_when_everything_is_written(tmp_path):
    target = tmp_path / "deep" / "out"
    with OutputFolder(target) as folder:
        (folder.path / "sub").mkdir()
        (folder.path / "sub" / "a.txt").write_text("a")
        assert not target.exists()
        assert folder.path.parent == target.parent
    assert (target / "sub" / "a.txt").read_text() == "a"
    assert names(target.parent) == ["out"]


def test_results_are_readable_to_those_whom_the_umask_allows(tmp_path):
    write_run(tmp_path / "out", "one")
    (tmp_path / "usual").mkdir()
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_failing_run_leaves_no_trace_and_its_own_error(tmp_path):
    def fails():
        with OutputFolder(tmp_path / "out") as folder:
            (folder.path / "half").write_text("half")
            raise ModelError("as it was")

    with pytest.raises(ModelError, match="as it was"):
        fails()
    assert names(tmp_path) == []


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    folder = write_run(tmp_path / "out", "one")
    assert folder.notice is None
    assert names(tmp_path / "out") == ["record.json", "report.md"]


def test_earlier_results_are_moved_aside_and_that_is_told(tmp_path):
    target = tmp_path / "out"
    write_run(target, "one")
    second = write_run(target, "two")
    third = write_run(target, "three")
    assert (target / "report.md").read_text() == "three"
    assert (third.kept / "report.md").read_text() == "two"
    assert (second.kept / "report.md").read_text() == "one"
    assert str(third.kept) in str(third.notice)
    assert third.kept.name.startswith("out.before-2")


def test_a_failing_second_run_leaves_the_first_in_place(tmp_path):
    write_run(tmp_path / "out", "one")
    with pytest.raises(ValueError, match="x"), OutputFolder(tmp_path / "out"):
        raise ValueError("x")
    assert (tmp_path / "out" / "report.md").read_text() == "one"
    assert names(tmp_path) == ["out"]


def test_earlier_results_can_be_replaced_on_request(tmp_path):
    write_run(tmp_path / "out", "one")
    write_run(tmp_path / "out", "two", keep_previous=False)
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "report.md").read_text() == "two"


def test_a_folder_of_others_is_refused_and_not_touched(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "thesis.doc").write_text("years of work")
    with pytest.raises(OutputError, match="not results of iagkit; nothing was touched"):
        OutputFolder(target).probe()
    with pytest.raises(OutputError, match="new or an empty folder"), OutputFolder(target):
        pass
    assert names(tmp_path) == ["out"]
    assert names(target) == ["thesis.doc"]


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"about": 3}', b'{"about": {}}'])
def test_another_record_json_does_not_make_a_folder_ours(tmp_path, content):
    (tmp_path / "record.json").write_bytes(content)
    assert not is_ours(tmp_path)


def test_files_that_came_into_the_target_meanwhile_cost_nobody_his_work(tmp_path):
    target = tmp_path / "out"

    def works_for_hours():
        with OutputFolder(target) as folder:
            (folder.path / "report.md").write_text("hours")
            target.mkdir()
            (target / "theirs").write_text("theirs")

    with pytest.raises(OutputError, match="results are whole, but stand in"):
        works_for_hours()
    (finished,) = tmp_path.glob("out.finished-*")
    assert (finished / "report.md").read_text() == "hours"
    assert names(target) == ["theirs"]


def test_a_path_below_a_file_is_refused_before_the_work(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        OutputFolder(tmp_path / "file" / "out").probe()
    with pytest.raises(OutputError, match="a file of that name is in the way"):
        OutputFolder(tmp_path / "file").probe()
    assert (tmp_path / "file").read_text() == "x"


def test_a_name_longer_than_the_system_allows_is_refused(tmp_path):
    with pytest.raises(OutputError, match="too long"):
        OutputFolder(tmp_path / ("x" * 256)).probe()


def test_a_long_name_works_as_far_as_the_system_allows(tmp_path):
    write_run(tmp_path / ("x" * 200), "one")
    assert write_run(tmp_path / ("x" * 200), "two").kept is not None


def test_the_folder_one_stands_in_is_refused(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    for odd in (".", "..", "/", tmp_path):
        with pytest.raises(OutputError, match="folder of its own"):
            OutputFolder(odd).probe()


def test_probing_leaves_nothing(tmp_path):
    OutputFolder(tmp_path / "a" / "b" / "out").probe()
    assert names(tmp_path) == []


def test_a_link_to_earlier_results_is_followed(tmp_path):
    write_run(tmp_path / "real", "one")
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write_run(tmp_path / "out", "two")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "real" / "report.md").read_text() == "two"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(OutputError, match="you may not write there"):
        OutputFolder(tmp_path / "out").probe()


def test_a_read_only_disk_is_refused_and_earlier_results_stay(small_disk):
    place, freeze = small_disk
    write_run(place / "out", "one")
    freeze()
    with pytest.raises(OutputError, match=r"disk is read-only\. .* Earlier results are intact"):
        OutputFolder(place / "out").probe()
    assert (place / "out" / "report.md").read_text() == "one"


def test_a_full_disk_is_one_sentence_and_earlier_results_stay(small_disk):
    place, _ = small_disk
    write_run(place / "out", "one")

    def writes_too_much():
        with OutputFolder(place / "out") as folder:
            (folder.path / "model.skops").write_bytes(bytes(400_000))

    with pytest.raises(OutputError, match="the disk is full") as refusal:
        writes_too_much()
    assert "Earlier results are intact" in str(refusal.value)
    assert names(place) == ["out"]
    assert (place / "out" / "report.md").read_text() == "one"


def test_a_full_disk_behind_another_error_is_still_named(tmp_path):
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OutputError, match="the disk is full"), OutputFolder(tmp_path / "out"):
        raise RuntimeError("the writer gave up") from full


def test_a_mount_point_is_refused_with_a_way_out(small_disk):
    place, _ = small_disk
    with pytest.raises(OutputError, match=r"in it, such as '.*/results'"):
        OutputFolder(place).probe()


def test_a_killed_run_leaves_nothing_half_written_and_is_cleared_by_the_next(tmp_path):
    write_run(tmp_path / "out", "one")
    script = """
    import sys
    from iagkit.wire.output import OutputFolder
    with OutputFolder(sys.argv[1]) as folder:
        (folder.path / "half").write_text("half")
        die()
    """
    killed(script, tmp_path / "out")
    assert names(tmp_path / "out") == ["record.json", "report.md"]
    assert len(names(tmp_path)) == 2
    OutputFolder(tmp_path / "out").probe()
    assert names(tmp_path) == ["out"]


def test_a_run_killed_between_the_two_renames_loses_neither_result(tmp_path):
    write_run(tmp_path / "out", "one")
    script = """
    import sys
    from pathlib import Path
    from iagkit.wire.output import OutputFolder
    rename = Path.rename
    def dies_at_the_last(self, target):
        die() if str(target) == sys.argv[1] else rename(self, target)
    record = '{"about": {"format": "iagkit-record/1"}}'
    with OutputFolder(sys.argv[1]) as folder:
        (folder.path / "record.json").write_text(record)
        (folder.path / "report.md").write_text("two")
        Path.rename = dies_at_the_last
    """
    killed(script, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    OutputFolder(tmp_path / "out").probe()
    assert (tmp_path / "out" / "report.md").read_text() == "two"
    (before,) = tmp_path.glob("out.before-*")
    assert (before / "report.md").read_text() == "one"


def test_the_unfinished_folder_of_a_living_process_is_left_alone(tmp_path):
    with OutputFolder(tmp_path / "out") as first:
        (first.path / "report.md").write_text("first")
        write_run(tmp_path / "out", "second")
        assert first.path.exists()
    assert (tmp_path / "out" / "report.md").read_text() == "first"


def test_a_process_knows_itself_alive_and_another_boot_gone():
    host, _, space, pid, start = process.token().split(".")
    assert not process.is_gone(process.token())
    assert process.is_gone(".".join((host, "00000000", space, pid, start)))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="start times are read in /proc")
def test_a_process_number_used_again_is_not_the_same_process():
    host, boot, space, pid, _ = process.token().split(".")
    assert process.is_gone(".".join((host, boot, space, pid, "1")))


@pytest.mark.parametrize("other", ["", "x", "a.b.c.d.e", "00000000.0.0.1.1"])
def test_nothing_is_said_of_processes_of_other_machines(other):
    assert not process.is_gone(other)
