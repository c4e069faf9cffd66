"""Parameters of TypeScript notebooks for papermill, which loads this module by its entry point."""

import json
import math
import re

from papermill.engines import NBClientEngine as Engine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

__all__ = ["Engine", "TypeScriptTranslator"]

SAFE = 2**53


class TypeScriptTranslator(Translator):
    """Writes parameters as TypeScript, and reads those that a notebook declares."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        """Beyond 2⁵³ a number would be another one."""
        return str(val) if -SAFE <= val <= SAFE else f"{val}n"

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return repr(val)
        return "NaN" if math.isnan(val) else "Infinity" if val > 0 else "-Infinity"

    @classmethod
    def translate_escaped_str(cls, str_val):
        return json.dumps(str(str_val))

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(each) for each in val)}]"

    @classmethod
    def translate_dict(cls, val):
        # `["__proto__"]` is a name, `"__proto__"` would be the prototype
        return f"{{ {', '.join(f'[{json.dumps(str(name))}]: {cls.translate(each)}' for name, each in val.items())} }}" if val else "{}"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        """`let`, so that the type is number and not 0.5."""
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """`const alpha: number = 0.1; // learning rate`: name, type, value and help of each line that declares one."""
        pattern = re.compile(r"^\s*(?:const|let|var)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.+?);?\s*(?://\s*(.*?))?\s*$")
        found = filter(None, map(pattern.match, parameters_cell["source"].splitlines()))
        return [Parameter(name=m[1], inferred_type_name=m[2] or "None", default=m[3], help=m[4] or "") for m in found]


papermill_translators.register("typescript", TypeScriptTranslator)
