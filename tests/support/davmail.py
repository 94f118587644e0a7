"""DavMail, Debian's package: CalDAV and CardDAV in front of an Exchange server.

Fetched with ``apt-get download`` and unpacked into build/ without root. What is fetched is checked
against the hashes below; where the machine's Debian (or Ubuntu) offers other versions, apt's own
signatures vouch for them.
"""

import hashlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from tests.support.runtimes import BUILD, alone, java, run

# name: (version, sha256), of Debian 12.
PACKAGES = {
    "davmail-server": (
        "6.0.1.3390-7",
        "ef56cc309d43cb4e752d2a3387e0346adea8d5aeee7cdbc126aaee037c0a26f6",
    ),
    "libactivation-java": (
        "1.2.0-2",
        "db7a4a7d13e1411eb611e9aa169636e79db373018c82be5ae37dcb053468e4aa",
    ),
    "libcommons-codec-java": (
        "1.15-1",
        "fe38bede3ae36bbe8f3985651662a15696a076a8dfd8704a2a4f6f49e44b1d3b",
    ),
    "libcommons-logging-java": (
        "1.2-3",
        "5cbf57bb314020b95113fce920106fe0e85e48f3a0f83cceda0efcddd874255e",
    ),
    "libhtmlcleaner-java": (
        "2.26-1+deb12u1",
        "7679e9085a93265ed300b38edc33daf80dd0e6c62f3815aba4fd9a90c4642470",
    ),
    "libhttpclient-java": (
        "4.5.14-1",
        "a60640b1079337d9f4494aed0fff7caa922c12a630b8c19409de8a3e960d22f4",
    ),
    "libhttpcore-java": (
        "4.4.16-1",
        "8719d616e4481a32619bea482169ca87435a6becde96edb788dc05f67f9bf30d",
    ),
    "libjackrabbit-java": (
        "2.20.3-1",
        "4f14b042845d8d9edf9578fbe1c204418611952873403ffdb3e386064f93c757",
    ),
    "libjcifs-java": (
        "1.3.19-2",
        "75bfa60c6acad8236bb1769fd81570d7466fe11f149da14cc851690d31b1c140",
    ),
    "libjdom2-java": (
        "2.0.6.1-1",
        "da87e7874219f3ae173b1eb77a4f71a585b5b77e6e0cd31ba69eac5d3c16bf80",
    ),
    "libjettison-java": (
        "1.5.3-1",
        "bb1b8c56a091c5765ef551499637cc7579c2a45aafa5fb7ceddcf6fe35bc183a",
    ),
    "liblog4j1.2-java": (
        "1.2.17-11",
        "a8e879badd16955724ff38e064cce0a52c377558f58afd8e6d01bf3b81944cb4",
    ),
    "libmail-java": (
        "1.6.5-2",
        "2f7f75db849320819f17f5b62ac63eef275f0b1473b9d5b6040a10677c8bd6ec",
    ),
    "libstax2-api-java": (
        "4.1-1",
        "bd7fbb52573f643f6217d40f0c421344801740c1ffeab035d0a1944800ccdcfb",
    ),
    "libwoodstox-java": (
        "1:6.2.1-1",
        "eeb47383d2cafc7cee2ea2780663d336fc48ac8c4c325da6bb1e07f1de960c25",
    ),
}
_TRUST_PASSWORD = "changeit"


@dataclass(frozen=True)
class DavMail:
    """A running DavMail: ``url`` without a path, and its process (for its CPU time)."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def install() -> Path:
    """The folder of the unpacked packages, fetched once. Fails the test when that cannot be."""
    with alone("davmail"):
        return _install()


def _install() -> Path:
    home = BUILD / "davmail"
    root = home / "root"
    done = home / "packages.txt"
    wanted = "".join(f"{name} {version} {digest}\n" for name, (version, digest) in PACKAGES.items())
    if done.exists() and done.read_text() == wanted:
        return root
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        pytest.fail("DavMail comes from Debian's archive: this machine has no apt-get or dpkg-deb")
    shutil.rmtree(root, ignore_errors=True)
    for package in _fetched(home / "packages"):
        run(["dpkg-deb", "-x", str(package), str(root)], home)
    done.write_text(wanted)
    return root


def _fetched(folder: Path) -> list[Path]:
    """The packages' files, downloaded as far as they are not there."""
    missing = {name for name in PACKAGES if _held(folder, name) is None}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        apt = _apt(folder.parent)
        offered = run([*apt, "--print-uris", "download", *sorted(missing)], folder)
        pinned = {name for name in missing if f" {_file_name(name)}" in offered}
        names = [f"{name}={PACKAGES[name][0]}" if name in pinned else name for name in missing]
        run([*apt, "download", *sorted(names)], folder)
        for name in pinned:
            if _held(folder, name) is None:
                pytest.fail(f"{_file_name(name)} is not what this project knows by that name")
    return [_held(folder, name) or next(folder.glob(f"{name}_*.deb")) for name in PACKAGES]


def _file_name(name: str) -> str:
    return f"{name}_{PACKAGES[name][0].replace(':', '%3a')}_"


def _held(folder: Path, name: str) -> Path | None:
    """The file of the version that is pinned, when it is here unharmed."""
    for path in folder.glob(_file_name(name) + "*.deb"):
        if hashlib.sha256(path.read_bytes()).hexdigest() == PACKAGES[name][1]:
            return path
    return None


def _apt(home: Path) -> list[str]:
    """apt-get by the machine's package lists, or by lists of our own where it has none."""
    apt = ["apt-get", "-qq", "-o", "APT::Sandbox::User="]
    told = subprocess.run(
        [*apt, "--print-uris", "download", "davmail-server"], check=False, capture_output=True
    )
    if told.returncode == 0:
        return apt
    lists = home / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (lists / part).mkdir(parents=True, exist_ok=True)
    apt += ["-o", f"Dir::State::lists={lists}/lists", "-o", f"Dir::Cache={lists}/cache"]
    if not any((lists / "lists").glob("*Packages*")):
        run([*apt, "update"], home)
    return apt


@contextmanager
def davmail(ews_url: str, ca_file: Path, folder: Path, log: str = "WARN") -> Iterator[DavMail]:
    """Run DavMail in front of an EWS address; CalDAV below ``url``/users/ADDRESS/calendar/ and
    CardDAV below ``url``/users/ADDRESS/contacts/, Basic with the mailbox's own password."""
    root = install()
    folder.mkdir(parents=True, exist_ok=True)
    trust = folder / "trust.p12"
    ca = pkcs12.PKCS12Certificate(x509.load_pem_x509_certificate(ca_file.read_bytes()), b"ca")
    trust.write_bytes(
        pkcs12.serialize_java_truststore([ca], BestAvailableEncryption(_TRUST_PASSWORD.encode()))
    )
    port = _free_port()
    settings = {
        "davmail.server": "true",
        "davmail.mode": "EWS",
        "davmail.url": ews_url,
        "davmail.caldavPort": str(port),
        "davmail.imapPort": "",
        "davmail.ldapPort": "",
        "davmail.popPort": "",
        "davmail.smtpPort": "",
        "davmail.allowRemote": "false",
        "davmail.bindAddress": "127.0.0.1",
        "davmail.disableUpdateCheck": "true",
        "davmail.caldavPastDelay": "0",  # entries of any age
        "davmail.enableKeepAlive": "false",
        "davmail.useSystemProxies": "false",
        "davmail.logFilePath": str(folder / "davmail.log"),
        "log4j.logger.davmail": log,
        "log4j.rootLogger": "WARN",
    }
    written = folder / "davmail.properties"
    written.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    jars = sorted(path for path in (root / "usr/share/java").glob("*.jar") if path.is_file())
    command = [
        str(java()),
        "-Xmx256m",
        "-Djava.awt.headless=true",
        # Anything but Linux: there it would call systemd through a native library.
        "-Dos.name=Unix",
        f"-Djavax.net.ssl.trustStore={trust}",
        f"-Djavax.net.ssl.trustStorePassword={_TRUST_PASSWORD}",
        "-cp",
        ":".join(map(str, [root / "usr/share/davmail/davmail.jar", *jars])),
        "davmail.DavGateway",
        "-server",
        str(written),
    ]
    output = folder / "output.log"
    with output.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _await(port, process, output)
        yield DavMail(f"http://127.0.0.1:{port}", process, output)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def _await(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"DavMail did not start:\n{output.read_text(errors='replace')[-2000:]}")
