"""What the compiler answers while cells run, and what does not disturb it, seen from outside through the protocol."""

import os
import shutil
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

import kernel_process
from kernel_process import OneKernel, ask, collect, run, start, wait_for


def setUpModule():
    kernel_process.prepare()


class Questions(OneKernel):
    def complete(self, code):
        return ask(self.client, "complete_request", {"code": code, "cursor_pos": len(code)})["matches"]

    def hover(self, code, at=None):
        return ask(self.client, "inspect_request", {"code": code, "cursor_pos": len(code) if at is None else at, "detail_level": 0})

    def test_questions_are_answered_while_an_endless_loop_holds_the_main_thread(self):
        self.ok("const endlessName = { inner: 1 }; /** Halves. */ function half(n: number) { return n / 2 }")
        message_id = self.client.execute("const begunName = 2; console.log('begun'); while (true) {}")
        wait_for(self.client, message_id, "stream")
        self.assertEqual(self.complete("endlessN"), ["endlessName"])
        self.assertEqual(self.complete("endlessName.inn"), ["inner"])
        self.assertEqual(self.complete("begunN"), ["begunName"])
        self.assertIn("function half(n: number): number", self.hover("half")["data"]["text/plain"])
        self.assertEqual(ask(self.client, "is_complete_request", {"code": "half("})["status"], "incomplete")
        self.manager.interrupt_kernel()
        self.assertEqual(collect(self.client, message_id).reply["ename"], "Interrupted")
        self.assertEqual(self.ok("half(4)").result, "2")

    def test_inspection_inside_a_call_tells_its_signature(self):
        self.ok("/** Adds. */ function add(first: number, second = 1) { return first + second }")
        self.assertIn("add(first: number, second?: number): number", self.hover("add(1, ")["data"]["text/plain"])

    def test_hover_names_what_a_cell_declared_not_how_the_compiler_knows_it(self):
        self.ok("const plainName = 1; let openName = 'x'; class OwnClass {}")
        self.assertEqual(self.hover("plainName")["data"]["text/plain"].strip(), "const plainName: 1")
        self.assertEqual(self.hover("openName")["data"]["text/plain"].strip(), "let openName: string")
        self.assertEqual(self.hover("OwnClass")["data"]["text/plain"].strip(), "class OwnClass")

    def test_an_unfinished_text_hides_no_names(self):
        self.ok("const seenName = { deep: { deeper: 1 } }")
        for before in ("", "function open() { ", "const list = [", "if (true) { call(", "`${"):
            self.assertEqual(self.complete(f"{before}seenName.deep.dee"), ["deeper"], before)

    def test_members_paths_and_options_are_completed(self):
        self.assertEqual(self.complete('"text".toUpperC'), ["toUpperCase"])
        self.ok("function choose(options: { colour: 'red' | 'green'; size?: number }) { return options }")
        self.assertIn("colour", self.complete("choose({ col"))


class Changes(unittest.TestCase):
    """Files that change, vanish or make no sense while the kernel runs."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="assay-changes-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def begin(self, **options):
        self.manager, self.client = start(self.folder, **options)
        self.addCleanup(self.manager.shutdown_kernel, now=True)
        self.addCleanup(self.client.stop_channels)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))

    def ok(self, code):
        outcome = run(self.client, textwrap.dedent(code).strip())
        self.assertEqual(outcome.status, "ok", outcome.traceback)
        return outcome

    def until(self, code, result):
        """Runs a cell until it gives a result: what changed on disk is seen within seconds."""
        outcome = self.first(code, lambda outcome: outcome.result == result)
        self.assertEqual(outcome.result, result, f"{code}: {outcome.traceback}")

    def first(self, code, wanted):
        """The first outcome of a cell that is as wanted, else the last one before the deadline."""
        end = time.monotonic() + kernel_process.DEADLINE
        while not wanted(outcome := run(self.client, code)) and time.monotonic() < end:
            pass
        return outcome

    def test_a_package_may_change_break_and_vanish(self):
        self.write("node_modules/moving/package.json", '{ "name": "moving", "main": "i.js", "types": "i.d.ts" }')
        self.write("node_modules/moving/i.js", "exports.n = 1; exports.later = 'x'")
        self.write("node_modules/moving/i.d.ts", "export declare const n: number;")
        self.begin()
        self.assertEqual(self.ok('import { n } from "moving"; n').result, "1")
        self.write("node_modules/moving/i.d.ts", "export declare const n: number; export declare const later: string;")
        self.until('import { later } from "moving"; later', "'x'")
        self.write("node_modules/moving/i.d.ts", "export declare const {{{ garbage")
        self.write("node_modules/moving/package.json", "no JSON")
        self.assertEqual(self.ok("1 + 1").result, "2")
        shutil.rmtree(self.folder / "node_modules")
        self.assertEqual(self.ok("1 + 2").result, "3")
        self.write("node_modules/moving/package.json", '{ "name": "moving", "main": "i.js", "types": "i.d.ts" }')
        self.write("node_modules/moving/i.js", "exports.n = 1")
        self.write("node_modules/moving/i.d.ts", "export declare const n: number;")
        self.until('import { n } from "moving"; const again: number = n; again', "1")

    def test_the_folder_may_vanish(self):
        self.write("local.ts", "export const here = 1")
        self.begin()
        self.ok('import { here } from "./local"; const kept = here')
        shutil.rmtree(self.folder)
        self.assertEqual(self.ok("kept + 1").result, "2")
        self.assertEqual(self.ok('import { sep } from "node:path"; sep').result, "'/'")
        self.assertEqual(self.ok('import { z } from "zod"; z.number().parse(3)').result, "3")

    def test_a_broken_tsconfig_is_none_and_a_mended_one_is_heeded(self):
        self.write("tsconfig.json", '{ "extends": "./nowhere.json", "compilerOptions": { "strict": "maybe", "paths": 5, ')
        self.begin()
        self.assertEqual(self.ok("const xs = []; xs.push(1); xs[0].toFixed()").result, "'1'")
        self.write("tsconfig.json", '{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true } }')
        self.assertIn("TS2532", self.first("[1][0].toFixed()", lambda outcome: outcome.status == "error").traceback)

    def test_paths_and_jsx_of_the_projects_tsconfig_hold(self):
        self.write("tsconfig.json", '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h", "paths": { "@own/*": ["./src/*"] } } }')
        self.write("src/tool.ts", "export const tool = (n: number) => n * 2;")
        self.begin()
        self.assertEqual(self.ok('import { tool } from "@own/tool"; tool(4)').result, "8")
        self.ok("declare global { namespace JSX { interface IntrinsicElements { b: { id?: string } } } } const h = (...given: unknown[]) => given")
        self.assertEqual(self.ok('<b id="x">text</b>').result, "[ 'b', { id: 'x' }, 'text' ]")

    def test_a_local_file_is_compiled_again_at_once(self):
        self.write("local.ts", "export const n: number = 1;")
        self.begin()
        self.assertEqual(self.ok('import { n } from "./local"; n').result, "1")
        self.write("local.ts", "export const n: string = 'two';")
        self.until('import { n } from "./local"; n', "'two'")

    def test_the_variable_chooses_tslabs_converter(self):
        self.begin(env={**os.environ, "ASSAY_KERNEL_CONVERTER": "tslab"})
        self.assertEqual(self.ok("const old = 1; old").result, "1")
        self.assertEqual(run(self.client, "using held = null").reply["status"], "error")
        self.assertEqual(ask(self.client, "complete_request", {"code": "ol", "cursor_pos": 2})["matches"], ["old"])
        self.assertEqual(ask(self.client, "kernel_info_request")["language_info"]["version"], "5.0.4")


class Hard(OneKernel):
    """Cells that are hard for a compiler."""

    def test_a_long_text_a_deep_expression_and_many_names_are_compiled(self):
        text = "line\n" * 100_000
        self.assertEqual(self.ok(f"const long = `{text}`; long.length").result, "500000")
        self.assertEqual(self.ok("+".join(["1"] * 2_000)).result, "2000")
        names = "; ".join(f"const name{k} = {k}" for k in range(2_000))
        self.ok(names)
        self.assertEqual(self.ok("name1999 + name0").result, "1999")

    def test_nesting_that_no_compiler_can_read_is_an_error_and_no_end(self):
        outcome = self.run_cell("(" * 20_000 + ")" * 20_000)
        self.assertEqual(outcome.status, "error")
        self.assertEqual(self.ok("1 + 1").result, "2")


if __name__ == "__main__":
    unittest.main()
