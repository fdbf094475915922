# The project's own virtual environment: made on first use from the lock, checked in milliseconds afterwards.
#
# Standard library only, and written so that even an old Python reads it far enough to say that it is too old.

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
WINDOWS = os.name == "nt"
BIN = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
PYTHON = os.path.join(BIN, "python.exe" if WINDOWS else "python")
COMMAND = os.path.join(BIN, "r2p-stance.exe" if WINDOWS else "r2p-stance")
OLDEST = (3, 11)


def fail(sentence):
    """Ends with one clear sentence and no traceback."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def ensure(locks):
    """Makes `.venv` with the packages of the named lock files and the project itself, unless it is there already."""
    if sys.version_info < OLDEST:
        fail(
            "r2p-stance needs Python %d.%d or newer, and this is Python %d.%d: install a newer one and run this again with it."
            % (OLDEST + tuple(sys.version_info[:2]))
        )
    if os.path.exists(COMMAND) and _read(_stamp(locks)) == _fingerprint(locks):
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        fail(
            "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv) and run this again."
        )
    sys.stderr.write("Setting up .venv (once; this takes a minute or two) ...\n")
    sys.stderr.flush()
    if not os.path.exists(PYTHON) or _broken(PYTHON):
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if made.returncode:
            fail("The virtual environment %s could not be made: %s" % (VENV, _last_line(made.stdout)))
    for name in locks:
        _pip(["--require-hashes", "--only-binary=:all:", "-r", os.path.join(ROOT, name)])
    _pip(["--no-deps", "--no-build-isolation", "--editable", ROOT])
    # What runs the tests also runs the job: scripts/label need not install again after scripts/test.
    for count in range(1, len(locks) + 1):
        with open(_stamp(locks[:count]), "w") as file:
            file.write(_fingerprint(locks[:count]))


def _stamp(locks):
    return os.path.join(VENV, "r2p-stance-" + "-".join(name.split(".")[0] for name in locks))


def _pip(arguments):
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(command + arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        output = done.stdout.decode("utf-8", "replace")
        signs = ("NewConnectionError", "Temporary failure", "Name or service not known", "ConnectTimeout", "getaddrinfo",
                 "Network is unreachable", "Connection refused", "ProxyError", "No matching distribution found", "Max retries")  # fmt: skip
        if any(sign in output for sign in signs):
            fail(
                "The packages could not be downloaded: the first run needs a network connection to a Python package index. "
                "Connect and run this again (%s)." % _last_line(done.stdout)
            )
        fail(
            "Installing the packages failed: %s Run this again; if it stays, delete %s first."
            % (_last_line(done.stdout), VENV)
        )


def _fingerprint(locks):
    digest = hashlib.sha256(
        ("%d.%d" % tuple(sys.version_info[:2])).encode() + ROOT.encode("utf-8", "replace")
    )
    for name in list(locks) + ["pyproject.toml"]:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return None


def _broken(python):
    try:
        return (
            subprocess.run(
                [python, "-c", "import pip"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            ).returncode
            != 0
        )
    except OSError:
        return True


def _last_line(output):
    lines = [line for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.strip().lower().startswith("error:")]
    return (errors or lines or ["no reason given"])[-1].strip()


def run(command):
    """Runs a program of the environment in this one's place and ends with its exit status."""
    if WINDOWS:
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)
