"""PyPI's jupyter_kernel_test, whole."""

import shutil
import tempfile
import unittest

import jupyter_kernel_test
import kernel_process


def setUpModule():
    kernel_process.prepare()


class ProtocolTests(jupyter_kernel_test.KernelTests):
    @classmethod
    def setUpClass(cls):
        """What these tests give a tenth of a second, they get when it is there: a machine may be busy."""
        folder = tempfile.mkdtemp(prefix="assay-protocol-")
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.km, cls.kc = kernel_process.start(folder)
        for channel in (cls.kc.shell_channel, cls.kc.iopub_channel):
            channel.get_msg = lambda timeout=None, get=channel.get_msg: get(timeout=kernel_process.DEADLINE)

    def flush_channels(self):
        """Takes what is on the way: all of it comes before the answer to a request and the kernel's idle status behind that."""
        kernel_process.collect(self.kc, self.kc.kernel_info())

    kernel_name = "assay"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    code_generate_error = 'throw new Error("x")'
    code_execute_result = [{"code": "1+2+3", "result": "6"}, {"code": "6*7", "result": "42"}]
    code_display_data = [
        {"code": 'import * as tslab from "tslab"; tslab.display.html("<b>x</b>")', "mime": "text/html"},
        {"code": 'import * as tslab from "tslab"; tslab.display.png(Buffer.from("89504e47", "hex"))', "mime": "image/png"},
    ]
    code_clear_output = 'import * as tslab from "tslab"; tslab.clearOutput()'
    code_page_something = 'import * as tslab from "tslab"; tslab.page("text")'
    completion_samples = [
        {"text": "Array.isA", "matches": {"isArray"}},
        {"text": "console.l", "matches": {"log"}},
    ]
    complete_code_samples = ["1", "let a = 1;", "function f(x: number) { return x }", 'console.log("x")', "await (f())"]
    incomplete_code_samples = ["function f() {", "foo(", "if (true) {", "const a = [1,"]
    invalid_code_samples = ["let x = = 3;", "import = 7q"]
    code_inspect_sample = "console.log"
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main()
