"""What cells give and how the kernel stops, starts and ends, seen from outside through the protocol."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

import kernel_process
from kernel_process import OneKernel, alive, arrived, ask, collect, ended, ready_again, run, start, wait_for


def setUpModule():
    kernel_process.prepare()


class Cells(OneKernel):
    def test_a_value_declared_in_a_cell_is_typed_in_the_next(self):
        self.ok("const typedNumber: number = 2")
        self.assertEqual(self.ok("typedNumber * 3").result, "6")
        outcome = self.run_cell("const text: string = typedNumber")
        self.assertEqual(outcome.reply["ename"], "TypeScriptError")

    def test_a_cell_may_be_run_again(self):
        for _ in range(2):
            self.assertEqual(self.ok("const again = 1; again").result, "1")

    def test_a_shorthand_property_takes_the_value_of_an_earlier_cell(self):
        self.ok("const shorthand = 1; let counted = 5")
        self.assertEqual(self.ok("({ shorthand, counted })").result, "{ shorthand: 1, counted: 5 }")
        self.assertEqual(self.ok("const inside = { shorthand, own: { counted } }; inside").result, "{ shorthand: 1, own: { counted: 5 } }")
        self.ok("({ counted } = { counted: 6 })")
        self.assertEqual(self.ok("((own: number) => ({ own, counted }))(2)").result, "{ own: 2, counted: 6 }")
        self.ok("let absent = 0")
        self.ok("const given: { absent?: number } = {}; ({ absent = counted + 1 } = given)")
        self.assertEqual(self.ok("absent").result, "7")

    def test_worker_threads_of_a_cell_run_and_print(self):
        outcome = self.ok(
            """
            import { Worker } from "node:worker_threads";
            const worker = new Worker('console.log("in the thread"); require("node:worker_threads").parentPort.postMessage(7)', { eval: true });
            const gone = new Promise((done) => worker.once("exit", done)); // both may be told in one turn
            const answer = await new Promise((done) => worker.once("message", done));
            await gone;
            answer
            """
        )
        self.assertEqual((outcome.result, outcome.stdout), ("7", "in the thread\n"))

    def test_undefined_is_no_result(self):
        self.assertIsNone(self.ok("undefined").result)

    def test_top_level_await_in_every_form(self):
        self.assertEqual(self.ok("await Promise.resolve(1)").result, "1")
        self.assertEqual(self.ok("await (Promise.resolve(2))").result, "2")
        self.assertEqual(self.ok("for await (const x of [1, 2]) console.log(x)").stdout, "1\n2\n")
        self.assertEqual(self.ok("const waited = await (async () => 3)(); waited").result, "3")

    def test_an_empty_list_and_a_parameter_need_no_annotation(self):
        self.assertEqual(self.ok("const xs = []; xs.push(1); function twice(x) { return 2 * x } twice(xs[0])").result, "2")

    def test_null_is_checked(self):
        outcome = self.run_cell('const found = ["a"].find((x) => x === "b"); found.length')
        self.assertIn("TS18048", outcome.reply["evalue"])

    def test_unicode_survives(self):
        self.assertEqual(self.ok('const größe = "π🙂"; console.log(größe); größe').stdout, "π🙂\n")

    def test_big_output_arrives_whole(self):
        text = self.ok('console.log("x".repeat(5_000_000)); for (let i = 0; i < 20_000; i++) console.log(i)').stdout
        self.assertEqual(len(text), 5_000_001 + sum(len(str(i)) + 1 for i in range(20_000)))

    def test_output_of_a_synchronous_loop_is_seen_while_it_runs(self):
        self.ok('import { existsSync } from "node:fs"')
        message_id = self.client.execute("console.log('begun'); while (!existsSync('seen')); console.log('done')")
        self.assertEqual(wait_for(self.client, message_id, "stream")["text"], "begun\n")
        (self.folder / "seen").touch()
        self.assertEqual(collect(self.client, message_id).stdout, "done\n")

    def test_a_silent_cell_counts_and_shows_nothing(self):
        before = self.ok("1").reply["execution_count"]
        outcome = self.ok("40 + 2", silent=True)
        self.assertEqual(outcome.of("execute_input") + outcome.of("execute_result"), [])
        self.assertEqual(self.ok("1").reply["execution_count"], before + 1)

    def test_user_expressions_are_answered(self):
        answers = self.ok("const seen = 3", user_expressions={"good": "seen + 1", "bad": "nope"}).reply["user_expressions"]
        self.assertEqual(answers["good"]["data"]["text/plain"], "4")
        self.assertEqual(answers["bad"]["status"], "error")

    def test_the_last_output_of_a_cell_is_its_own(self):
        self.ok("import { existsSync } from 'node:fs'; import { once } from 'node:events'; const told = new EventTarget()")
        first = self.client.execute(
            "const turn = setInterval(() => { if (existsSync('late')) { clearInterval(turn); console.log('late'); told.dispatchEvent(new Event('said')) } }, 10)"
        )
        self.assertEqual(collect(self.client, first).stdout, "")
        second = self.client.execute("console.log('begun'); await once(told, 'said')")
        wait_for(self.client, second, "stream")
        (self.folder / "late").touch()
        self.assertEqual(wait_for(self.client, first, "stream")["text"], "late\n")
        self.assertEqual(collect(self.client, second).stdout, "")

    def test_completion_goes_on_while_a_cell_waits(self):
        self.ok('import { existsSync } from "node:fs"; const waitingRoom = 1')
        message_id = self.client.execute(
            "console.log('begun'); while (!existsSync('completed')) await new Promise((done) => setTimeout(done, 20)); console.log('done')"
        )
        wait_for(self.client, message_id, "stream")
        self.assertIn("waitingRoom", ask(self.client, "complete_request", {"code": "waitingR", "cursor_pos": 8})["matches"])
        (self.folder / "completed").touch()
        self.assertEqual(collect(self.client, message_id).stdout, "done\n")


class Errors(OneKernel):
    def test_a_type_error_has_line_caret_and_code(self):
        outcome = self.run_cell(
            """
            const fine = 1;
            const wrong: number = "a";
            """
        )
        count = outcome.reply["execution_count"]
        self.assertEqual(outcome.reply["ename"], "TypeScriptError")
        self.assertIn(f"In[{count}]:2:7", outcome.traceback)
        self.assertIn("TS2322: Type 'string' is not assignable to type 'number'.", outcome.traceback)
        self.assertIn('> 2 | const wrong: number = "a";\n    |       ^^^^^', outcome.traceback)
        self.assertEqual([content["ename"] for content in outcome.of("error")], ["TypeScriptError"])

    def test_a_syntax_error_is_named_one(self):
        self.assertEqual(self.run_cell("const = 3").reply["ename"], "SyntaxError")

    def test_a_thrown_error_points_at_the_lines_of_its_cells(self):
        first = self.ok(
            """
            interface Options { deep: boolean }

            // the emitted lines are others
            function fail(options: Options): never {
              throw new RangeError("too deep");
            }
            """
        ).reply["execution_count"]
        outcome = self.run_cell("\n\nfail({ deep: true })")
        second = outcome.reply["execution_count"]
        self.assertEqual((outcome.reply["ename"], outcome.reply["evalue"]), ("RangeError", "too deep"))
        self.assertIn(f"In[{first}]:5:", outcome.traceback)
        self.assertIn(f"In[{second}]:1:", outcome.traceback)
        self.assertIn('> 5 |   throw new RangeError("too deep");', outcome.traceback)
        self.assertNotIn("node:", outcome.traceback)
        self.assertNotIn("kernel/src", outcome.traceback)

    def test_an_error_behind_an_await_points_at_its_line(self):
        outcome = self.run_cell("await null;\n\nthrow new Error('later')")
        self.assertIn(f"In[{outcome.reply['execution_count']}]:3:", outcome.traceback)

    def test_a_cause_is_shown(self):
        outcome = self.run_cell('throw new Error("outer", { cause: new Error("inner") })')
        self.assertIn("caused by:\nError: inner", outcome.traceback)

    def test_anything_may_be_thrown(self):
        for thrown in ['"text"', "undefined", "{ a: 1 }", "new Proxy({}, { get() { throw 1 } })", "Object.create(null)"]:
            self.assertEqual(self.run_cell(f"throw {thrown}").status, "error", thrown)
        self.assertEqual(self.ok("1").result, "1")

    def test_an_error_in_a_timer_is_shown_and_the_kernel_lives(self):
        outcome = self.ok('setTimeout(() => { throw new Error("late") }, 10); await new Promise((done) => setTimeout(done, 200))')
        self.assertIn("late", outcome.stderr)
        outcome = self.ok('Promise.reject(new Error("lost")); await new Promise((done) => setTimeout(done, 200))')
        self.assertIn("lost", outcome.stderr)

    def test_cells_waiting_behind_an_error_are_aborted(self):
        self.ok('import { existsSync } from "node:fs"')
        first = self.client.execute("while (!existsSync('stop')); throw new Error('stop')")
        waiting = [self.client.execute(f"globalThis.ran = {k}") for k in range(2)]
        arrived(self.client)
        (self.folder / "stop").touch()
        self.assertEqual(collect(self.client, first).status, "error")
        for message_id in waiting:
            self.assertEqual(collect(self.client, message_id).status, "aborted")
        self.assertEqual(self.ok("String((globalThis as any).ran)").result, "'undefined'")

    def test_with_stop_on_error_false_they_run(self):
        first = self.client.execute("throw new Error('go on')", stop_on_error=False)
        second = self.client.execute("'ran'")
        self.assertEqual(collect(self.client, first).status, "error")
        self.assertEqual(collect(self.client, second).result, "'ran'")


class Interrupts(OneKernel):
    """Every kind of loop is stopped, and what earlier cells made is still there."""

    def assert_stops(self, code):
        self.ok("const kept = [1, 2, 3]; const begin = () => console.log('begun')")
        message_id = self.client.execute(textwrap.dedent(code))
        wait_for(self.client, message_id, "stream")
        self.manager.interrupt_kernel()
        outcome = collect(self.client, message_id)
        self.assertEqual((outcome.status, outcome.reply["ename"]), ("error", "Interrupted"))
        self.assertIn("Interrupted: the cell was interrupted", outcome.traceback)
        self.assertEqual(self.ok("kept.length").result, "3")

    def test_a_synchronous_loop(self):
        self.assert_stops("begin(); while (true) {}")

    def test_a_synchronous_loop_that_catches_everything(self):
        self.assert_stops("begin(); while (true) { try { while (true) {} } catch {} }")

    def test_a_loop_that_prints(self):
        self.assert_stops("let line = 0; while (true) { console.log(line++); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1) }")

    def test_a_loop_with_timers_and_it_does_not_go_on(self):
        self.ok("globalThis.steps = 0")
        self.assert_stops("begin(); for (;;) { (globalThis as any).steps++; await new Promise((done) => setTimeout(done, 20)) }")
        first = self.ok("(globalThis as any).steps").result
        time.sleep(0.2)
        self.assertEqual(self.ok("(globalThis as any).steps").result, first)

    def test_a_synchronous_loop_after_an_await(self):
        self.assert_stops("await null; begin(); while (true) {}")

    def test_a_loop_of_microtasks(self):
        self.assert_stops("begin(); for (;;) await null")

    def test_a_loop_in_a_timer(self):
        self.assert_stops("setTimeout(() => { begin(); while (true) {} }, 50); await new Promise(() => {})")

    def test_a_loop_in_a_timer_of_a_cell_that_has_ended(self):
        self.ok('import { existsSync } from "node:fs"; const safe = 1')
        loop = "const loop = () => { console.log('begun'); while (true) {} }; setInterval(() => { if (existsSync('ended')) loop() }, 20)"
        message_id = self.client.execute(loop)
        self.assertEqual(collect(self.client, message_id).stdout, "")
        (self.folder / "ended").touch()
        wait_for(self.client, message_id, "stream")
        self.manager.interrupt_kernel()
        self.assertEqual(self.ok("safe").result, "1")
        self.assertEqual(self.ok("await new Promise((done) => setTimeout(done, 100)); safe").result, "1")

    def test_a_loop_in_a_timer_that_keeps_a_cell_from_its_turn(self):
        self.ok('import { existsSync as existsNow } from "node:fs"; const safer = 1')
        loop = "setInterval(() => { if (existsNow('kept')) { console.log('begun'); while (true) {} } }, 20)"
        message_id = self.client.execute(loop)
        collect(self.client, message_id)
        (self.folder / "kept").touch()
        wait_for(self.client, message_id, "stream")
        waiting = self.client.execute("safer")
        arrived(self.client)
        self.manager.interrupt_kernel()
        self.assertEqual(collect(self.client, waiting).result, "1")

    def test_a_cell_that_waits_for_ever(self):
        self.assert_stops("begin(); await new Promise(() => {})")

    def test_the_signal_of_the_cell_is_aborted(self):
        self.ok("globalThis.heard = false")
        self.assert_stops(
            """
            const api = (globalThis as any)[Symbol.for("assay.kernel")];
            api.signal.addEventListener("abort", () => { (globalThis as any).heard = true });
            begin();
            await new Promise(() => {})
            """
        )
        self.assertEqual(self.ok("(globalThis as any).heard").result, "true")

    def test_at_any_instant_it_stops_the_cell_and_none_behind_it(self):
        loops = ["await new Promise(() => {})", "for (;;) await null", "while (true) {}", "await null; while (true) {}"]
        for k in range(40):
            first = self.client.execute(f"const at{k} = {k}; {loops[k % len(loops)]}", stop_on_error=False)
            second = self.client.execute(f"const behind = {k}; await null; behind")
            wait_for(self.client, first, "execute_input")
            time.sleep(0.004 * k)  # while it is compiled, begins, runs
            self.manager.interrupt_kernel()
            self.assertEqual(collect(self.client, first).reply.get("ename"), "Interrupted", f"after {4 * k} ms")
            self.assertEqual(collect(self.client, second).result, str(k))

    def test_cells_waiting_behind_it_are_aborted(self):
        first = self.client.execute("await new Promise(() => {})")
        second = self.client.execute("1")
        wait_for(self.client, first, "execute_input")
        arrived(self.client)
        self.manager.interrupt_kernel()
        self.assertEqual(collect(self.client, first).status, "error")
        self.assertEqual(collect(self.client, second).status, "aborted")

    def test_nothing_happens_when_nothing_runs(self):
        ask(self.client, "interrupt_request", channel="control")  # the manager's goes by a socket of its own, and may come after the cell
        self.assertEqual(self.ok("1").result, "1")


class Display(OneKernel):
    def test_a_value_shows_itself(self):
        outcome = self.ok('({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>", "text/plain": "one" }) })')
        self.assertEqual(outcome.of("execute_result")[0]["data"], {"text/html": "<b>1</b>", "text/plain": "one"})

    def test_it_may_take_its_time_and_text_is_added(self):
        data = self.ok('({ n: 1, [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<i>" }) })').of("execute_result")[0]["data"]
        self.assertEqual(data["text/html"], "<i>")
        self.assertIn("n: 1", data["text/plain"])

    def test_a_display_that_fails_is_text_and_says_why(self):
        outcome = self.ok('({ n: 7, [Symbol.for("Jupyter.display")]() { throw new Error("no picture") } })')
        self.assertIn("n: 7", outcome.result)
        self.assertIn("no picture", outcome.stderr)

    def test_tslab_displays_values_and_updates_its_own(self):
        outcome = self.ok(
            """
            import * as tslab from "tslab";
            tslab.display({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<p>" }) });
            const place = tslab.newDisplay();
            place.html("first");
            place.html("second");
            """
        )
        shown, first = outcome.of("display_data")
        (second,) = outcome.of("update_display_data")
        self.assertEqual(shown["data"]["text/html"], "<p>")
        self.assertEqual(first["transient"]["display_id"], second["transient"]["display_id"])
        self.assertEqual((first["data"]["text/html"], second["data"]["text/html"]), ("first", "second"))

    def test_libraries_reach_the_cell_through_a_global(self):
        outcome = self.ok(
            """
            const assayKernel = (globalThis as any)[Symbol.for("assay.kernel")];
            assayKernel.display({ "text/html": "0 %", "application/json": new Float64Array([1, 2]) }, { displayId: "bar" });
            assayKernel.display({ "text/html": "100 %" }, { displayId: "bar", update: true });
            [assayKernel.cell.count, assayKernel.cell.code.length > 10, assayKernel.signal.aborted]
            """
        )
        self.assertEqual(outcome.of("display_data")[0]["data"]["application/json"], [1, 2])
        self.assertEqual(outcome.of("update_display_data")[0]["transient"], {"display_id": "bar"})
        self.assertEqual(outcome.result, f"[ {outcome.reply['execution_count']}, true, false ]")


class Requests(OneKernel):
    def test_kernel_info_has_real_versions(self):
        info = ask(self.client, "kernel_info_request")
        package = json.loads((kernel_process.REPOSITORY / "node_modules" / "typescript" / "package.json").read_text())
        self.assertEqual(info["language_info"]["version"], package["version"])
        self.assertEqual(info["implementation"], "assay-kernel")
        self.assertEqual(ask(self.client, "kernel_info_request", channel="control"), info)

    def test_completion_counts_code_points_and_says_kinds(self):
        self.ok("const ländername = 'x'")
        reply = ask(self.client, "complete_request", {"code": '"🙂"; ländern', "cursor_pos": 12})
        self.assertEqual((reply["matches"], reply["cursor_start"], reply["cursor_end"]), (["ländername"], 5, 12))
        self.assertEqual(reply["metadata"]["_jupyter_types_experimental"][0]["type"], "const")

    def test_inspection_is_text_and_markdown(self):
        self.ok("/** Doubles. */ function double(x: number) { return 2 * x }")
        reply = ask(self.client, "inspect_request", {"code": "double", "cursor_pos": 3, "detail_level": 0})
        self.assertTrue(reply["found"])
        self.assertIn("function double(x: number): number", reply["data"]["text/plain"])
        self.assertIn("```typescript", reply["data"]["text/markdown"])

    def test_an_open_block_is_incomplete_with_an_indent(self):
        self.assertEqual(ask(self.client, "is_complete_request", {"code": "if (a) {"}), {"status": "incomplete", "indent": "  "})

    def test_usage_is_answered_on_the_control_channel(self):
        usage = ask(self.client, "usage_request", channel="control")
        self.assertGreater(usage["kernel_memory"], 10_000_000)
        self.assertEqual(usage["pid"], self.manager.provisioner.pid)

    def test_history_has_outputs_and_ranges(self):
        self.ok("const inHistory = 5")
        self.ok("'not kept'", store_history=False)
        count = self.ok("inHistory + 1").reply["execution_count"]
        reply = ask(self.client, "history_request", {"hist_access_type": "tail", "n": 1, "output": True, "raw": True})
        self.assertEqual(reply["history"], [[0, count, ["inHistory + 1", "6"]]])
        reply = ask(self.client, "history_request", {"hist_access_type": "range", "session": 0, "start": count - 2, "stop": count})
        self.assertEqual(reply["history"], [[0, count - 2, "const inHistory = 5"]])
        reply = ask(self.client, "history_request", {"hist_access_type": "range", "session": -1, "start": 1})
        self.assertEqual(reply["history"], [])
        reply = ask(self.client, "history_request", {"hist_access_type": "search", "pattern": "inHist*", "n": 1, "unique": True})
        self.assertEqual([entry[2] for entry in reply["history"]], ["inHistory + 1"])

    def test_a_question_is_answered(self):
        for password in (False, True):
            message_id = self.client.execute(f'const name{password} = await input("Who? ", {str(password).lower()}); name{password}', allow_stdin=True)
            question = self.client.get_stdin_msg(timeout=kernel_process.DEADLINE)["content"]
            self.assertEqual(question, {"prompt": "Who? ", "password": password})
            self.client.input("Vera")
            self.assertEqual(collect(self.client, message_id).result, "'Vera'")

    def test_questions_of_one_cell_are_put_one_after_another(self):
        message_id = self.client.execute('await Promise.all([input("a"), input("b")])', allow_stdin=True)
        for prompt in ("a", "b"):
            self.assertEqual(self.client.get_stdin_msg(timeout=kernel_process.DEADLINE)["content"]["prompt"], prompt)
            self.client.input(prompt.upper())
        self.assertEqual(collect(self.client, message_id).result, "[ 'A', 'B' ]")

    def test_a_question_that_was_interrupted_takes_no_later_answer(self):
        message_id = self.client.execute('await input("never")', allow_stdin=True)
        never = self.client.get_stdin_msg(timeout=kernel_process.DEADLINE)
        self.manager.interrupt_kernel()
        self.assertEqual(collect(self.client, message_id).reply["ename"], "Interrupted")
        message_id = self.client.execute('await input("now")', allow_stdin=True)
        now = self.client.get_stdin_msg(timeout=kernel_process.DEADLINE)
        self.assertEqual(now["content"]["prompt"], "now")
        for question, said in ((never, "too late"), (now, "in time")):
            self.client.stdin_channel.send(self.client.session.msg("input_reply", {"value": said}, parent=question))
        self.assertEqual(collect(self.client, message_id).result, "'in time'")

    def test_a_question_that_nobody_can_answer_is_an_error(self):
        self.assertIn("cannot", self.run_cell('await input("Who? ")', allow_stdin=False).reply["evalue"])

    def test_bad_messages_are_ignored(self):
        good = self.client.session.key
        self.client.session.key = b"wrong"
        self.client.execute("globalThis.forged = true")
        self.client.session.key = good
        for channel in (self.client.shell_channel, self.client.control_channel):
            for frames in ([b"x"], [b"<IDS|MSG>", b"", b"{", b"", b"", b""], [b"<IDS|MSG>"]):
                channel.socket.send_multipart(frames)
        ask(self.client, "execute_request", {})
        self.assertEqual(self.ok("String((globalThis as any).forged)").result, "'undefined'")


class Imports(unittest.TestCase):
    """What a cell may import."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="assay-imports-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.manager = None

    def tearDown(self):
        if self.manager:
            self.client.stop_channels()
            self.manager.shutdown_kernel()

    def begin(self):
        self.manager, self.client = start(self.folder)

    def ok(self, code):
        outcome = run(self.client, textwrap.dedent(code).strip())
        self.assertEqual(outcome.status, "ok", outcome.traceback)
        return outcome

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))

    def test_packages_beside_the_kernel_work_and_are_typed_in_an_empty_folder(self):
        self.begin()
        self.assertEqual(self.ok('import { z } from "zod"; z.object({ a: z.number() }).parse({ a: 3 }).a').result, "3")
        outcome = run(self.client, 'const wrong: string = z.number().parse(1)')
        self.assertIn("TS2322", outcome.traceback)
        self.ok('import { Matrix } from "ml-matrix"; Matrix.eye(2).trace()')

    def test_the_notebooks_own_packages_come_first(self):
        self.write("node_modules/zod/package.json", '{ "name": "zod", "version": "0.0.1", "main": "index.js", "types": "index.d.ts" }')
        self.write("node_modules/zod/index.js", "exports.mine = 7")
        self.write("node_modules/zod/index.d.ts", "export declare const mine: number;")
        self.begin()
        self.assertEqual(self.ok('import { mine } from "zod"; const n: number = mine; n').result, "7")

    def test_packages_with_an_exports_map_only_are_typed(self):
        self.write("node_modules/modern/package.json", '{ "name": "modern", "type": "module", "exports": { ".": { "types": "./t.d.ts", "default": "./m.js" } } }')
        self.write("node_modules/modern/m.js", "export const n = 4")
        self.write("node_modules/modern/t.d.ts", "export declare const n: number;")
        self.begin()
        self.assertEqual(self.ok('import { n } from "modern"; n').result, "4")

    def test_local_files_are_compiled_and_read_again_after_a_change(self):
        self.write("local.ts", "export const answer: number = 41;\n\nexport function fail(): never {\n  throw new Error('local');\n}\n")
        self.begin()
        self.assertEqual(self.ok('import { answer, fail } from "./local"; answer').result, "41")
        outcome = run(self.client, "fail()")
        self.assertIn("local.ts:4:", outcome.traceback)
        self.write("local.ts", "export const answer: number = 42;\n")
        end = time.monotonic() + kernel_process.DEADLINE
        while (result := self.ok('import { answer } from "./local"; answer').result) != "42" and time.monotonic() < end:
            time.sleep(0.3)
        self.assertEqual(result, "42")

    def test_completion_says_what_a_package_exports_on_from_elsewhere(self):
        self.write("inner.ts", "export class Forest {}\nexport function fold() {}\nexport const many = 3;\nexport type Row = number;\n")
        self.write("outer.ts", 'export { fold, Forest, many } from "./inner";\nexport type { Row } from "./inner";\n')
        self.begin()
        self.ok('import * as outer from "./outer"; outer.many')
        reply = ask(self.client, "complete_request", {"code": "outer.", "cursor_pos": 6})
        kinds = {each["text"]: each["type"] for each in reply["metadata"]["_jupyter_types_experimental"]}
        self.assertEqual(kinds, {"Forest": "class", "fold": "function", "many": "const"})

    def test_a_cell_may_be_a_module(self):
        self.begin()
        self.ok("/** @module areas */\nexport const square = (x: number) => x * x;")
        self.assertEqual(self.ok('import { square } from "./areas"; square(3)').result, "9")
        self.assertIn("TS2322", run(self.client, "/** @module wrong */\nexport const a: number = 'x';").traceback)

    def test_a_package_installed_while_the_kernel_runs_is_found(self):
        self.begin()
        self.assertIn("TS2307", run(self.client, 'import { n } from "late-package"').traceback)
        self.write("node_modules/late-package/package.json", '{ "name": "late-package", "main": "i.js", "types": "i.d.ts" }')
        self.write("node_modules/late-package/i.js", "exports.n = 9")
        self.write("node_modules/late-package/i.d.ts", "export declare const n: number;")
        end = time.monotonic() + kernel_process.DEADLINE
        while (outcome := run(self.client, 'import { n } from "late-package"; n')).status == "error" and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(outcome.result, "9", outcome.traceback)
        self.assertEqual(self.ok("n + 1").result, "10")

    def test_the_projects_tsconfig_is_honoured(self):
        self.write("tsconfig.json", '{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true } }')
        self.begin()
        self.assertIn("TS7006", run(self.client, "function f(x) { return x }").traceback)
        self.assertIn("possibly 'undefined'", run(self.client, "const list = [1]; list[0].toFixed()").traceback)


class Lifetime(unittest.TestCase):
    """No kernel outlives what it was started for."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="assay-lifetime-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def begin(self):
        manager, client = start(self.folder)
        self.addCleanup(lambda: manager.has_kernel and manager.shutdown_kernel(now=True))
        self.addCleanup(client.stop_channels)
        run(client, "1 + 1")
        return manager, client, manager.provisioner.pid

    def test_a_used_kernel_ends_at_sigterm(self):
        _, _, pid = self.begin()
        os.kill(pid, signal.SIGTERM)
        self.assertTrue(ended(pid))

    def test_it_ends_at_a_shutdown_request_on_either_channel(self):
        for channel in ("control", "shell"):
            _, client, pid = self.begin()
            self.assertEqual(ask(client, "shutdown_request", {"restart": False}, channel)["restart"], False)
            self.assertTrue(ended(pid), channel)

    def test_it_ends_while_its_main_thread_is_stuck(self):
        manager, client, pid = self.begin()
        wait_for(client, client.execute("await null; console.log('begun'); while (true) {}"), "stream")
        ask(client, "shutdown_request", {"restart": False}, "control")
        self.assertTrue(ended(pid))

    def test_process_exit_in_a_cell_ends_it_also_after_an_interrupt(self):
        manager, client, pid = self.begin()
        message_id = client.execute("await null; console.log('begun'); while (true) {}")
        wait_for(client, message_id, "stream")
        manager.interrupt_kernel()
        collect(client, message_id)
        client.execute("process.exit()")
        self.assertTrue(ended(pid))

    def test_exit_handlers_run_at_shutdown(self):
        manager, client, pid = self.begin()
        run(client, 'import { writeFileSync } from "node:fs"; process.on("exit", () => writeFileSync("ended", "yes"))')
        manager.shutdown_kernel()
        self.assertTrue(ended(pid))
        self.assertEqual((self.folder / "ended").read_text(), "yes")

    def test_it_ends_with_the_process_that_started_it(self):
        for cell in ("console.log('begun')", "await null; console.log('begun'); while (true) {}"):
            script = textwrap.dedent(
                f"""
                import sys, time
                import kernel_process
                kernel_process.prepare()
                manager, client = kernel_process.start({str(self.folder)!r})
                kernel_process.wait_for(client, client.execute({cell!r}), "stream")
                print(manager.provisioner.pid, flush=True)
                time.sleep(60)
                """
            )
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])}
            parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
            pid = int(parent.stdout.readline())
            self.assertTrue(alive(pid))
            parent.kill()
            parent.wait()
            parent.stdout.close()
            self.assertTrue(ended(pid), cell)

    def test_two_kernels_do_not_disturb_each_other(self):
        (first, one, _), (second, two, _) = self.begin(), self.begin()
        ids = [one.execute("const who = 1; await new Promise((done) => setTimeout(done, 300)); who"), two.execute("const who = 2; who")]
        self.assertEqual(collect(two, ids[1]).result, "2")
        self.assertEqual(collect(one, ids[0]).result, "1")

    def test_a_restart_begins_anew(self):
        manager, client, _ = self.begin()
        run(client, "const before = 1")
        manager.restart_kernel()
        ready_again(client)
        self.assertIn("TS2304", run(client, "before").traceback)


    def test_the_parents_own_output_stays_as_it_was_opened(self):
        """Also where it is a socket, as Node gives to its children, and a cell ends it."""
        script = textwrap.dedent(f"""
            import os, sys
            sys.path.insert(0, {str(Path(__file__).parent)!r})
            import kernel_process
            kernel_process.prepare()
            manager, client = kernel_process.start({str(self.folder)!r})
            kernel_process.run(client, "console.log(1); console.error(2); process.stdout.end(); process.stderr.end()")
            print(os.get_blocking(1), os.get_blocking(2), os.write(2, b"here"))
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        """)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=theirs, text=True)
        self.assertEqual(done.stdout, "True True 4\n")


class Launch(unittest.TestCase):
    """The Python side says in one sentence what is missing."""

    def launch(self, *arguments, **environment):
        code = [sys.executable, "-m", "assay_jupyter.kernel", *arguments]
        variables = {**os.environ, "PYTHONPATH": str(kernel_process.WHEEL), **environment}
        done = subprocess.run(code, env=variables, cwd=tempfile.gettempdir(), capture_output=True, text=True, timeout=kernel_process.DEADLINE)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_a_chosen_node_that_is_none(self):
        self.assertIn("ASSAY_NODE must name Node 22 or newer, got no Node", self.launch("c.json", ASSAY_NODE="/nowhere/node"))

    def test_a_chosen_kernel_that_is_none(self):
        self.assertIn("ASSAY_KERNEL must name a file", self.launch("c.json", ASSAY_KERNEL="/nowhere/kernel.cjs"))

    def test_no_connection_file(self):
        self.assertIn("needs the path of a connection file", self.launch())
        self.assertIn("must be readable JSON", self.launch("/nowhere/c.json"))

    def test_the_proxy_entry_starts_the_service_on_its_socket(self):
        code = "import assay_jupyter as a; s = a.service(); print(s['unix_socket'], *s['command']('/tmp/s')[1:])"
        script = Path(__file__)
        variables = {**os.environ, "PYTHONPATH": str(kernel_process.WHEEL), "ASSAY_LAB": str(script)}
        done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, timeout=kernel_process.DEADLINE)
        self.assertEqual(done.stdout.split(), ["True", str(script), "serve", "--socket", "/tmp/s"])


if __name__ == "__main__":
    unittest.main()
