"""`./samsyn test` tries what failed once more, aloud (docs/decisions/0018)."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMAND = r"""set -eu
eval "$(sed -n '/^tests() {/,/^}/p; /^steadily() {/,/^}/p' "$1/samsyn")"
code=0
{ true && steadily -q && echo the next part; } || code=$?
echo "ended $code"
"""
UNSTEADY = """
from pathlib import Path

def test_unsteady():
    once = Path("once")
    if not once.exists():
        once.touch()
        raise AssertionError
"""


@pytest.mark.parametrize(
    ("program", "ended", "told"),
    [
        (UNSTEADY, "the next part\nended 0\n", "UNSTEADY, passed only the second time:\ntests/test_it.py::test_unsteady\n"),
        ("def test_wrong(): assert False", "ended 1\n", "are tried once more, by themselves:\ntests/test_it.py::test_wrong\n"),
        ("\n".join(f"def test_{number}(): assert False" for number in range(6)), "ended 1\n", ""),
        ("def test_right(): pass", "the next part\nended 0\n", ""),
        ("", "ended 2\n", ""),
    ],
    ids=["unsteady", "wrong", "six", "right", "none"],
)
def test_what_failed_is_tried_once_more(tmp_path: Path, program: str, ended: str, told: str) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(program)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")

    done = subprocess.run(
        ["/bin/sh", "-c", COMMAND, "sh", str(ROOT)], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stdout.endswith(ended)
    assert done.stderr.endswith(told)
    assert ("once more" in done.stderr) == bool(told)
