import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
DEFECT = os.environ.get("DEFECT", "")

if DEFECT and not any(file.stem == DEFECT for file in HERE.glob("defects/*/*.py")):
    print(json.dumps({"level": "error", "message": "There is no such defect", "defect": DEFECT}), file=sys.stderr)
    sys.exit(1)


def part(name):
    """The module of a part: from the file of the defect where it has one for the part."""
    broken = HERE / "defects" / name / f"{DEFECT}.py"
    if not DEFECT or not broken.is_file():
        return importlib.import_module(f"parts.{name}")
    spec = importlib.util.spec_from_file_location(f"defective_{name}", broken)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
