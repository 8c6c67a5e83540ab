"""Podman for the tests of this folder, with settings and storage of its own below the build directory, and the images in it.

Where a container cannot run, the test is skipped.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from place import SOURCE, skip

FOLDER = pathlib.Path(os.environ["CONTAINERS_DIRECTORY"])
BASE_IMAGE = "docker.io/library/debian:bookworm-slim"
IMAGE = "buildkite-bitbucket-connector"
BUILD_STAGE = f"{IMAGE}-build-stage"

# Podman refuses a longer path, and one that another storage was used with.
RUN_FOLDER = pathlib.Path("/run") / f"connector-{hashlib.sha256(str(FOLDER).encode()).hexdigest()[:8]}"


def prepare():
    """Makes podman() usable, or skips the test. Starts the calling program anew in mounts of its own, so that
    none is left behind and the build directory can always be removed."""
    if os.geteuid() != 0:
        skip("containers with a network of their own need root")
    for tool in ("podman", "runc", "debootstrap", "unshare"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed; contrib/setup runners installs it")
    if "IN_OWN_MOUNTS" not in os.environ:
        command = ["unshare", "--mount", "--propagation", "private"]
        if subprocess.run([*command, "true"], check=False).returncode != 0:
            skip("this machine allows no mounts of one's own (unshare --mount)")
        os.environ["IN_OWN_MOUNTS"] = "1"
        os.execvp(command[0], [*command, sys.executable, *sys.argv])
    _write_settings()
    _make_base_image()
    probe = podman("run", "--rm", "--network", "host", BASE_IMAGE, "true", check=False)
    if probe.returncode != 0:
        skip(f"this machine runs no containers: {probe.stderr.strip()}")


def podman(*arguments, check=True, **options):
    """Runs podman to its end; its output is text."""
    result = subprocess.run(["podman", *arguments], check=False, capture_output=True, text=True, **options)
    if check and result.returncode != 0:
        raise RuntimeError(f"podman {' '.join(arguments)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    return result


def build_image():
    """Builds contrib/docker/Dockerfile as its first lines say. Its first stage keeps a name, so that its layers are still
    there the next time."""
    for target in (("--target", "build", "--tag", BUILD_STAGE), ("--tag", IMAGE)):
        podman("build", "--isolation", "chroot", "--network", "host", "--layers", *target,
               "--file", "contrib/docker/Dockerfile", ".", cwd=SOURCE)
    # What a build that was killed has left may still be in use.
    podman("image", "prune", "--force", check=False)


def remove_containers():
    """Ends what a test left, and forgets its volumes."""
    podman("pod", "rm", "--force", "--all")
    podman("rm", "--force", "--time", "0", "--all")
    podman("volume", "rm", "--force", "--all")


def _write_settings():
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Limits that are below what podman asks for, and no systemd to ask for a control group.
    (FOLDER / "containers.conf").write_text(f"""\
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=10000:10000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "{RUN_FOLDER}/libpod"
""", encoding="utf-8")
    (FOLDER / "storage.conf").write_text(f"""\
[storage]
driver = "overlay"
graphroot = "{FOLDER}/storage"
runroot = "{RUN_FOLDER}"
""", encoding="utf-8")
    os.environ["CONTAINERS_CONF"] = str(FOLDER / "containers.conf")
    os.environ["CONTAINERS_STORAGE_CONF"] = str(FOLDER / "storage.conf")


# The address that this machine's own packages of Debian 12 come from.
def _debian_mirror():
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"],
                             check=True, capture_output=True, text=True).stdout
    for line in targets.splitlines():
        codename, address = line.split()
        if codename == "bookworm":
            return address
    skip("the base image is made of Debian 12's packages, and apt knows no source of them")


# Podman would download the base; instead it is made here of the packages that a minimal Debian has.
def _make_base_image():
    if podman("image", "exists", BASE_IMAGE, check=False).returncode == 0:
        return
    root = FOLDER / "base"
    shutil.rmtree(root, ignore_errors=True)
    log = FOLDER / "debootstrap.log"
    with open(log, "w", encoding="utf-8") as output:
        made = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root, _debian_mirror()], check=False,
                              stdout=output, stderr=subprocess.STDOUT)
    if made.returncode != 0:
        skip(f"debootstrap could not make the base image; {log} ends with:\n" + log.read_text()[-2000:])
    with subprocess.Popen(["tar", "--directory", root, "--create", "."], stdout=subprocess.PIPE) as archive:
        podman("import", "--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "--change", 'CMD ["bash"]', "-", BASE_IMAGE, stdin=archive.stdout)
    shutil.rmtree(root)
