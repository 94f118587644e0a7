"""`andock new-plugin`: a package that passes its own checks, and nothing where answers are bad."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andock_command.main import andock
from andock_command.opened import CannotGoOn

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = {"name": "Acme Büro", "slug": "acme", "publisher": "Acme & Söhne", "kind": "calendar"}
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")


def new_plugin(folder: Path, **answers: str) -> Result:
    """The command with these answers."""
    data = [f"--data={name}={value}" for name, value in {**ANSWERS, **answers}.items()]
    return CliRunner().invoke(andock, ["new-plugin", str(folder), *data])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"slug": "Acme Calendar"}, "slug has lower-case letters"),
        ({"slug": "1acme"}, "slug has lower-case letters"),
        ({"slug": "a"}, "between 3 and 40"),
        ({"name": " "}, "A name is needed"),
        ({"name": 'Acme" + x'}, "Without quotes"),
        ({"publisher": "{{ 7 * 7 }}"}, "Without quotes"),
        ({"kind": "mail"}, "kind"),
    ],
)
def test_a_bad_answer_changes_nothing(tmp_path: Path, answer: dict[str, str], said: str) -> None:
    done = new_plugin(tmp_path / "made", **answer)
    assert isinstance(done.exception, CannotGoOn)
    assert said in str(done.exception)
    assert not (tmp_path / "made").exists()


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = new_plugin(tmp_path)
    assert "is not empty" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_unknown_question_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(andock, ["new-plugin", str(tmp_path / "made"), "-d", "licence=MIT"])
    assert "NAME=VALUE" in str(done.exception)
    assert not (tmp_path / "made").exists()


def test_without_a_terminal_all_answers_are_needed(tmp_path: Path) -> None:
    done = CliRunner().invoke(andock, ["new-plugin", str(tmp_path / "made"), "-d", "name=Acme"])
    assert "--data slug=… --data publisher=… --data kind=…" in str(done.exception)
    assert not (tmp_path / "made").exists()


def run(folder: Path, *command: str | Path) -> str:
    """What a command says in a folder; it must end well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(project: Path, folder: Path) -> None:
    """Build a project's wheel without fetching anything."""
    alone = ("--no-deps", "--no-build-isolation", "--no-index")
    run(folder, *PIP, "wheel", *alone, "--wheel-dir", folder, project)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of a fresh environment with the SDK's wheel, built from this tree. What the locks
    name is lent to it, without what is installed in place: Andock itself is not in it."""
    folder = tmp_path_factory.mktemp("fresh")
    run(folder, sys.executable, "-m", "venv", "--without-pip", "env")
    python = folder / "env" / "bin" / "python"
    site = run(folder, python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    (Path(site.strip()) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    build(ROOT / "platform" / "sdk", folder)
    install(python, folder)
    return python


def install(python: Path, folder: Path) -> None:
    """Install the wheels of a folder, without fetching anything."""
    alone = ("--no-index", "--no-deps")
    run(folder, *PIP, "--python", python, "install", *alone, *folder.glob("*.whl"))


@pytest.mark.more
@pytest.mark.parametrize("kind", ["calendar", "contacts", "feed"])
def test_what_is_made_passes_its_own_checks(
    kind: str, tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an author would: a fresh environment, the SDK's wheel, the package's own commands."""
    monkeypatch.setenv("MYPY_CACHE_DIR", str(python.parent / "mypy"))  # the libraries' once
    made = tmp_path / "made"
    assert new_plugin(made, kind=kind, slug=f"acme-{kind}").exit_code == 0
    build(made, tmp_path)
    install(python, tmp_path)
    where = "import andock_sdk, importlib.util as u; print(andock_sdk.__file__)"
    absent = "; assert u.find_spec('andock_core') is None"
    assert str(python.parents[1]) in run(tmp_path, python, "-c", where + absent)
    run(made, python, "-m", "ruff", "check", ".")
    run(made, python, "-m", "ruff", "format", "--check", ".")
    run(made, python, "-m", "mypy")
    said = run(made, python, "-m", "pytest", "-q", "--andock-contract")
    assert "Level reached: silver. quality.toml claims: silver." in said
    assert "Andock's sync core is not installed" in said


@pytest.mark.more
def test_the_sdks_wheel_brings_the_contract_and_no_pytest(tmp_path: Path) -> None:
    """pytest finds the rules by the wheel's entry point; a plugin at work does not install it."""
    build(ROOT / "platform" / "sdk", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = {Path(name).name: name for name in packed.namelist() if ".dist-info/" in name}
        points = packed.read(held["entry_points.txt"]).decode()
        wanted = packed.read(held["METADATA"]).decode()
    assert "andock_contract = andock_sdk.contract.pytest_plugin" in points
    needs = [line for line in wanted.splitlines() if line.startswith("Requires-Dist: pytest")]
    assert needs
    assert all("extra ==" in line for line in needs)


@pytest.mark.more
def test_the_template_is_part_of_the_wheel(tmp_path: Path) -> None:
    """The command works where Andock is installed, too."""
    build(ROOT, tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = {
            name.partition("andock_command/template/")[2]
            for name in packed.namelist()
            if "andock_command/template/" in name
        }
    folder = ROOT / "platform/command/andock_command/template"
    assert held == {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
