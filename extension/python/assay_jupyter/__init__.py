"""Glue between Jupyter and the Node packages of Assay; no logic lives here."""

from .node import find_node, find_package


def service():
    """jupyter-server-proxy's entry point: one service per user, on a unix socket."""

    def command(unix_socket):
        return [find_node(), find_package("assay-lab", "bin/assay.mjs", "ASSAY_LAB"), "serve", "--socket", unix_socket]

    return {
        "command": command,
        "unix_socket": True,
        "timeout": 60,
        "new_browser_tab": False,
        "launcher_entry": {"enabled": False},
    }
