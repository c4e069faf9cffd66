"""`python -m assay_jupyter.kernel connection.json`: becomes the Node kernel, under the same process id."""

import os
import sys

from .node import NotFound, find_node, find_package


def main():
    if len(sys.argv) != 2:
        sys.exit("assay_jupyter.kernel: needs the path of a connection file")
    try:
        node = find_node()
        kernel = find_package("assay-kernel", "src/kernel.cjs", "ASSAY_KERNEL")
    except NotFound as error:
        sys.exit(str(error))
    # an interrupted cell leaves callbacks unfinished, which Node would take for a fault of its own
    os.execv(node, [node, "--no-force-async-hooks-checks", kernel, sys.argv[1]])


if __name__ == "__main__":
    main()
