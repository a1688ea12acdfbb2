"""The site: pages in Markdown, the reference from docstrings."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import iagkit

HERE = Path(__file__).parent
API = HERE / "api"
PACKAGES = {
    "core": "Nouns, judgement, record",
    "flow": "The flow",
    "measures": "Measures",
    "checks": "Checks",
    "prototypes": "Prototypes",
    "explain": "Explanations",
    "text": "Text",
    "wire": "Tables and declarations",
    "report": "Reports",
    "track": "Tracking",
}

project = "iagkit"
copyright = "The iagkit authors, Apache-2.0"
release = version = iagkit.__version__
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_title = "iagkit"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"show_prev_next": False, "navigation_with_keys": False}
html_sidebars = {"index": []}
nb_execution_mode = "off"
# Short names in annotations: two modules may have nouns of their own that are called alike.
suppress_warnings = ["ref.python"]
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True


def write_reference() -> None:
    """One page a package, one section a module; written anew at each build."""
    API.mkdir(exist_ok=True)
    for old in API.glob("*.md"):
        old.unlink()
    for name, title in PACKAGES.items():
        modules = [f"iagkit.{name}", *_below(f"iagkit.{name}")]
        sections = [_section(m) for m in modules]
        (API / f"{name}.md").write_text("\n".join([f"# {title}", "", *sections]), encoding="utf-8")
    listed = "\n".join(PACKAGES)
    index = f"# Reference\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    (API / "index.md").write_text(index, encoding="utf-8")


def _below(package: str) -> list[str]:
    paths = getattr(import_module(package), "__path__", None)
    if paths is None:
        return []
    found = sorted(m.name for m in walk_packages(paths, f"{package}."))
    return [name for name in found if not any(p.startswith("_") for p in name.split("."))]


def _section(module: str) -> str:
    return f"## `{module}`\n\n```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```\n"


write_reference()


def headings_of_modules(_app, what, _name, _obj, _options, lines):
    """Make rubrics of a module's headings: numpydoc leaves them as sections, which then clash."""
    if what != "module":
        return
    for at in range(len(lines) - 1):
        if lines[at] and lines[at + 1] == "-" * len(lines[at]):
            lines[at], lines[at + 1] = f".. rubric:: {lines[at]}", ""


def setup(app):
    """Join sphinx."""
    app.connect("autodoc-process-docstring", headings_of_modules)
