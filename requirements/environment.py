"""Make or refresh the environment in .venv: `python3 requirements/environment.py run|dev`.

Runs on the system's Python with the standard library alone. It installs exactly what the lock file
says (versions and hashes), then Andock's own distributions from this tree, then compiles the
translations. It only ever adds or replaces what the locks name: whatever an operator installed
into .venv besides, such as a third party's plugin, stays.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".andock-installed"
OLDEST = (3, 11)


def main(kind: str) -> None:
    """Bring .venv in step with the lock of `kind`: "run", or "dev" for tests and tools as well."""
    if sys.version_info < OLDEST:
        stop("Andock needs Python 3.11 or newer, this is " + sys.version.split()[0] + ".")
    ensure_venv()
    locks = ["run.txt"] if kind == "run" else ["run.txt", "dev.txt"]
    wanted = fingerprint(locks)
    if wanted not in stamped():
        say(f"Installing what requirements/{locks[-1]} locks (the first time takes a minute) ...")
        pip("--require-hashes", "-r", str(ROOT / "requirements" / locks[-1]))
        for folder in distributions():
            pip("--no-deps", "--no-build-isolation", "--no-index", "-e", str(folder))
        # What serves the tests serves the demo too: `make run` after `make test` installs nothing.
        STAMP.write_text("\n".join({wanted, fingerprint(["run.txt"])}))
    compile_translations()


def ensure_venv() -> None:
    """Create .venv, or repair it where its interpreter is gone; keep what is installed in it."""
    if PYTHON.exists() and succeeds(PYTHON, "-c", "import pip"):
        return
    say("Creating the environment in .venv ...")
    try:
        venv.EnvBuilder(with_pip=True, symlinks=True).create(VENV)
    except (subprocess.CalledProcessError, OSError) as error:
        name = f"python3.{sys.version_info.minor}-venv"
        stop(
            f"Python cannot create environments here ({error}).\n"
            f"On Debian or Ubuntu this helps: sudo apt-get install {name}"
        )


def fingerprint(locks: list[str]) -> str:
    """Hash of all that decides what gets installed, and of where: editable installs hold paths."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in [ROOT / "requirements" / lock for lock in locks]:
        digest.update(path.read_bytes())
    for folder in distributions():
        digest.update((folder / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def distributions() -> list[Path]:
    """The folders of Andock's own distributions, the ones the others need first."""
    parts = [*ROOT.glob("platform/*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml")]
    return [*(path.parent for path in sorted(parts)), ROOT]


def compile_translations() -> None:
    """Compile each translation whose text is newer than its compiled form."""
    folders = ("platform", "marketplace", "plugins")
    found = [path for name in folders for path in (ROOT / name).rglob("LC_MESSAGES/*.po")]
    for source in sorted(found):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        run(PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", source, "-o", compiled)


def pip(*arguments: str) -> None:
    """Install with the environment's own pip, quietly."""
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def run(*command: "str | Path") -> None:
    """Run a command; when it fails, stop with its exit code, for it has said why."""
    done = subprocess.run(command, check=False, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(done.returncode)


def succeeds(*command: "str | Path") -> bool:
    """Whether a command ends well."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def stamped() -> list[str]:
    """Fingerprints of what the environment holds already."""
    return STAMP.read_text().split("\n") if STAMP.exists() else []


def say(text: str) -> None:
    """Tell the person at the terminal what takes time."""
    print(text, flush=True)


def stop(text: str) -> None:
    """Say what is wrong and what helps, then end."""
    sys.exit(text)


if __name__ == "__main__":
    main(sys.argv[1])
