"""The licences of all that is compiled into the program, as one text: who is in it under which terms, and the terms themselves."""

import hashlib
import json
import re
import subprocess
import textwrap
from pathlib import Path

# How files are called that say on which terms a crate, or the fonts in one, may be passed on.
TERMS = re.compile(r"(licen[cs]e|copying|notice|unlicense|ofl|ufl|copyright)([-_.].*)?$", re.IGNORECASE)
TEXTS = ("", ".md", ".txt", ".apache", ".mit", ".bsd", ".html", ".terms")


def third_party(root, package, target):
    """The text for what `package` is linked with on `target`."""
    crates = crates_of(root, package, target)
    lines = [
        "What other people wrote and is part of Latent Lens, each with the licence that its author chose.",
        f"{len(crates)} crates of crates.io, in alphabetical order; their licences follow, each text once.",
        "The source of each is at https://crates.io/crates/NAME/VERSION, as licences such as MPL-2.0 ask to be told.",
        "",
    ]
    texts, without = {}, []
    for crate in crates:
        lines.append(f"{crate['name']} {crate['version']}: {crate['license'] or 'see its files'}; {crate['repository'] or ''}".rstrip("; "))
        found = terms_of(Path(crate["manifest_path"]).parent)
        for name, text in found:
            key = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
            texts.setdefault(key, (text, []))[1].append(f"{crate['name']} {crate['version']} ({name})")
        if not found:
            authors = ", ".join(crate["authors"]) or "its authors"
            without.append(f"{crate['name']} {crate['version']}, by {authors}: {crate['license']}")
    if without:
        lines += ["", "These carry no text of their own; their terms are the usual texts of these licences, which stand below:"]
        lines += [f"  {line}" for line in without]
    for text, users in texts.values():
        lines += ["", "=" * 100, *textwrap.wrap("Of " + ", ".join(users), 100), "=" * 100, "", text.rstrip()]
    return "\n".join(lines) + "\n"


def crates_of(root, package, target):
    """The crates from elsewhere that are linked into a package, by name. Macros run in the compiler and are not."""
    wanted = ["cargo", "tree", "--locked", "--package", package, "--target", target]
    wanted += ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
    tree = subprocess.run(wanted, cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout
    linked = {tuple(line.split()[:2]) for line in tree.splitlines()}
    listed = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(listed, cwd=root, check=True, stdout=subprocess.PIPE).stdout)
    crates = [crate for crate in metadata["packages"] if (crate["name"], f"v{crate['version']}") in linked and crate["source"]]
    return sorted(crates, key=lambda crate: (crate["name"], crate["version"]))


def terms_of(folder):
    """The texts of terms in a crate, in its folder or one below it."""
    found = []
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        below = path.relative_to(folder)
        is_text = path.suffix.lower() in TEXTS or path.name.lower().startswith("license-")
        if path.is_file() and TERMS.match(path.name) and is_text and path.suffix != ".rs":
            found.append((str(below), path.read_text(errors="replace")))
    return found
