"""The landing scan: every file once, by content; nothing is lost and nothing stops it."""

from __future__ import annotations

import hashlib
import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gao_pipeline.archive.landing import LandingIndex, raw_files, read_contents, scan
from gao_pipeline.contracts.vocabularies import load_quarantine_reasons

LONG_AGO = time.time() - 3600


def put(path: Path, data: bytes) -> Path:
    """A file that was last modified an hour ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def paths(index: LandingIndex) -> list[str]:
    return [content.path for file in index.files for content in file.contents]


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


def test_files_are_listed_in_the_order_of_paths(landing: Path, tmp_path: Path) -> None:
    put(landing / "b.txt", b"two")
    put(landing / "a" / "c.txt", b"three")
    assert paths(scan(landing, tmp_path / "index.json")) == ["a/c.txt", "b.txt"]


def test_the_first_of_equal_files_is_read(landing: Path, tmp_path: Path) -> None:
    put(landing / "2.txt", b"same")
    put(landing / "1.txt", b"same")
    put(landing / "3.zip", zipped({"inside.txt": b"same", "other.txt": b"other"}))
    index = scan(landing, tmp_path / "index.json")
    assert index.duplicates() == {"2.txt": "1.txt", "3.zip!/inside.txt": "1.txt"}


def test_members_of_an_archive_are_files_of_their_own(landing: Path, tmp_path: Path) -> None:
    put(landing / "all.zip", zipped({"x/a.txt": b"a", "b.txt": b"b"}))
    index = scan(landing, tmp_path / "index.json")
    assert sorted(paths(index)) == ["all.zip!/b.txt", "all.zip!/x/a.txt"]
    assert dict(read_contents(landing, paths(index))) == {"all.zip!/x/a.txt": b"a", "all.zip!/b.txt": b"b"}


@pytest.mark.parametrize("data", [zipped({}), b"PK\x03\x04 cut off"])
def test_an_archive_that_gives_no_member_is_listed_itself(landing: Path, tmp_path: Path, data: bytes) -> None:
    put(landing / "bad.zip", data)
    assert paths(scan(landing, tmp_path / "index.json")) == ["bad.zip"]


def test_lock_and_hidden_files_are_counted_not_read(landing: Path, tmp_path: Path) -> None:
    for name in ("~$report.docx", ".DS_Store", "x.part", "report.txt"):
        put(landing / name, b"x")
    index = scan(landing, tmp_path / "index.json")
    assert paths(index) == ["report.txt"]
    assert index.ignored == (".DS_Store", "x.part", "~$report.docx")


def test_files_in_hidden_folders_are_counted_not_read(landing: Path, tmp_path: Path) -> None:
    put(landing / ".trash" / "deep" / "report.txt", b"x")
    put(landing / ".trash" / "other.txt", b"x")
    put(landing / "v1.0" / "report.txt", b"x")
    index = scan(landing, tmp_path / "index.json")
    assert paths(index) == ["v1.0/report.txt"]
    assert index.ignored == (".trash/deep/report.txt", ".trash/other.txt")


def test_linked_folders_are_walked_once_and_circles_end(landing: Path, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "2023" / "report.txt", b"far")
    put(landing / "here" / "report.txt", b"near")
    (landing / "a-link").symlink_to(landing / "here")
    (landing / "far").symlink_to(tmp_path / "elsewhere")
    (landing / "here" / "up").symlink_to(landing)
    (tmp_path / "elsewhere" / "self").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(landing)
    index = scan(landing, tmp_path / "index.json")
    assert paths(index) == ["far/2023/report.txt", "here/report.txt"]
    assert dict(read_contents(landing, paths(index))) == {
        "far/2023/report.txt": b"far",
        "here/report.txt": b"near",
    }


def test_what_a_visible_link_leads_to_is_read_though_a_hidden_one_leads_there_too(
    landing: Path, tmp_path: Path
) -> None:
    put(landing / ".store" / "report.txt", b"x")
    (landing / ".link").symlink_to(landing / ".store")
    (landing / "reports").symlink_to(landing / ".store")
    index = scan(landing, tmp_path / "index.json")
    assert (paths(index), index.ignored) == (["reports/report.txt"], ())


def test_a_file_whose_folder_refuses_its_status_is_listed(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(landing / "closed.txt", b"secret")

    def refusing(look: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def refuse(path: Path, **options: bool) -> os.stat_result:
            if path.name == "closed.txt":
                raise PermissionError(13, "Permission denied", str(path))
            return look(path, **options)

        return refuse

    for name in ("stat", "lstat", "read_bytes"):
        monkeypatch.setattr(Path, name, refusing(getattr(Path, name)))
    (content,) = scan(landing, tmp_path / "index.json").files[0].contents
    assert (content.path, content.reason) == ("closed.txt", "unreadable_file")


def test_a_link_to_itself_leads_nowhere(landing: Path, tmp_path: Path) -> None:
    (landing / "loop.txt").symlink_to(landing / "loop.txt")
    (content,) = scan(landing, tmp_path / "index.json").files[0].contents
    assert (content.reason, content.detail) == ("unreadable_file", "the symbolic link leads nowhere")


def test_an_unchanged_file_is_not_opened_again(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(landing / "a.txt", b"a")
    put(landing / "z.zip", zipped({"m.txt": b"m"}))
    first = scan(landing, tmp_path / "index.json")
    assert first.hashed == 2
    monkeypatch.setattr("gao_pipeline.archive.landing._contents", lambda *_: pytest.fail("a file was hashed"))
    second = scan(landing, tmp_path / "index.json")
    assert (second.hashed, second.files) == (0, first.files)


def test_a_change_that_keeps_size_and_is_recent_is_seen(landing: Path, tmp_path: Path) -> None:
    file = landing / "a.txt"
    file.write_bytes(b"one")
    now = file.stat().st_mtime_ns
    before = scan(landing, tmp_path / "index.json")
    file.write_bytes(b"two")
    os.utime(file, ns=(now, now))
    after = scan(landing, tmp_path / "index.json")
    assert before.files[0].contents[0].sha256 != after.files[0].contents[0].sha256


def test_a_removed_file_disappears_and_first_seen_survives(landing: Path, tmp_path: Path) -> None:
    put(landing / "a.txt", b"a")
    gone = put(landing / "b.txt", b"b")
    first = scan(landing, tmp_path / "index.json")
    gone.unlink()
    os.utime(landing / "a.txt", (LONG_AGO + 60, LONG_AGO + 60))
    second = scan(landing, tmp_path / "index.json")
    assert paths(second) == ["a.txt"]
    assert second.files[0].first_seen_ns == first.files[0].first_seen_ns


def test_a_file_that_may_not_be_opened_is_listed_without_a_hash(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(landing / "closed.txt", b"secret")
    (landing / "nowhere.txt").symlink_to(landing / "missing")
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "closed.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    index = scan(landing, tmp_path / "index.json")
    assert [(c.path, c.sha256, c.reason, c.detail) for f in index.files for c in f.contents] == [
        ("closed.txt", None, "unreadable_file", "Permission denied"),
        ("nowhere.txt", None, "unreadable_file", "the symbolic link leads nowhere"),
    ]
    assert dict(read_contents(landing, ["closed.txt"])) == {"closed.txt": None}


def test_a_file_whose_permissions_are_mended_is_read(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(landing / "closed.txt", b"secret")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr("gao_pipeline.archive.landing.Path.read_bytes", refuse)
        patch.setattr("gao_pipeline.archive.landing._load_index", lambda _: LandingIndex(scanned_ns=0))
        assert scan(landing, tmp_path / "index.json").files[0].contents[0].sha256 is None
    (content,) = scan(landing, tmp_path / "index.json").files[0].contents
    assert (content.sha256, content.reason) == (hashlib.sha256(b"secret").hexdigest(), None)


def test_a_named_pipe_is_listed_and_not_opened(landing: Path, tmp_path: Path) -> None:
    put(landing / "a.txt", b"a")
    os.mkfifo(landing / "pipe.txt")
    index = scan(landing, tmp_path / "index.json")
    (pipe,) = index.files[1].contents
    assert (pipe.path, pipe.sha256, pipe.reason) == ("pipe.txt", None, "not_a_file")
    assert "not_a_file" in load_quarantine_reasons()
    row = raw_files(index).set_index("path").loc["pipe.txt"]
    assert (row["reason"], row["detail"]) == ("not_a_file", "this is a named pipe")


def test_names_that_are_not_utf8_can_be_kept_and_opened(landing: Path, tmp_path: Path) -> None:
    name = "报告.txt".encode("gb18030")
    try:
        (Path(os.fsdecode(os.fsencode(landing) + b"/" + name))).write_bytes(b"x")
    except OSError as error:
        pytest.skip(f"this file system takes no such name: {error}")
    (path,) = paths(scan(landing, tmp_path / "index.json"))
    path.encode("utf-8")
    assert dict(read_contents(landing, [path])) == {path: b"x"}


def test_a_missing_landing_folder_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="GAO_LANDING"):
        scan(tmp_path / "nowhere", tmp_path / "index.json")
