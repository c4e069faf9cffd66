"""What cells and the front end tell each other beside the outputs of cells, and whose output something is."""

import unittest
import uuid

import kernel_process
from kernel_process import OneKernel, ask, collect


def setUpModule():
    kernel_process.prepare()


class Comms(OneKernel):
    def setUp(self):
        self.ok('import { comms } from "tslab"')

    def say(self, kind, content, metadata=None, buffers=None):
        """Sends a message about a comm, and returns its id."""
        message = self.client.session.msg(kind, content, metadata=metadata)
        self.client.session.send(self.client.shell_channel.socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def told(self, message_id):
        """Everything published for a message, up to its idle status; statuses are left out."""
        found = []
        while True:
            message = self.client.get_iopub_msg(timeout=kernel_process.DEADLINE)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] != "status":
                found.append(message)
            elif message["content"]["execution_state"] == "idle":
                return found

    def info(self, **content):
        return ask(self.client, "comm_info_request", content)["comms"]

    def test_a_cell_opens_one_and_talks(self):
        outcome = self.ok('const line = comms.open("chart", { rows: 2 }, { metadata: { v: 1 } }); line.send({ row: [1.5, null] }); line.id')
        (opened,), (message,) = outcome.of("comm_open"), outcome.of("comm_msg")
        self.assertEqual((opened["target_name"], opened["data"]), ("chart", {"rows": 2}))
        self.assertEqual(message, {"comm_id": opened["comm_id"], "data": {"row": [1.5, None]}})
        self.assertEqual(self.info()[opened["comm_id"]], {"target_name": "chart"})
        self.assertEqual(self.info(target_name="chart"), {opened["comm_id"]: {"target_name": "chart"}})
        self.assertEqual(self.info(target_name="other"), {})
        closed = self.ok("line.close({ bye: true }); line.close(); line.closed")
        self.assertEqual((closed.of("comm_close")[0]["data"], len(closed.of("comm_close")), closed.result), ({"bye": True}, 1, "true"))
        self.assertNotIn(opened["comm_id"], self.info())
        self.assertIn("comm: must be open, got comm_msg to chart after its close", self.run_cell("line.send({})").traceback)

    def test_the_front_end_answers_after_the_cell_has_ended(self):
        outcome = self.ok(
            """
            const asked = comms.open("widget");
            let heard: string[] = [];
            asked.onMessage((data, { metadata, buffers }) => {
              console.log("heard", data.n, buffers.length);
              heard.push(`${data.constructor === Object} ${metadata.m}`);
              asked.send({ twice: data.n * 2 }, { buffers: [new Uint8Array([1, 2, 3]).subarray(1), new ArrayBuffer(1)] });
            });
            asked.onClose((data) => { heard.push(`closed ${data.why}`) });
            """
        )
        comm = outcome.of("comm_open")[0]["comm_id"]
        said = self.say("comm_msg", {"comm_id": comm, "data": {"n": 21}}, metadata={"m": "x"}, buffers=[b"abc"])
        stream, answer = self.told(said)
        self.assertEqual((stream["content"]["text"], answer["content"]["data"]), ("heard 21 1\n", {"twice": 42}))
        self.assertEqual([bytes(buffer) for buffer in answer["buffers"]], [b"\x02\x03", b"\x00"])
        self.assertEqual(self.told(self.say("comm_close", {"comm_id": comm, "data": {"why": "done"}})), [])
        self.assertEqual(self.ok("heard").result, "[ 'true x', 'closed done' ]")

    def test_the_front_end_opens_one(self):
        self.ok('comms.target("echo", (comm, data) => { comm.send({ hello: data }); comm.onMessage((next) => comm.send(next)) })')
        comm = uuid.uuid4().hex
        (answer,) = self.told(self.say("comm_open", {"comm_id": comm, "target_name": "echo", "data": "you"}))
        self.assertEqual(answer["content"], {"comm_id": comm, "data": {"hello": "you"}})
        (answer,) = self.told(self.say("comm_msg", {"comm_id": comm, "data": [1]}))
        self.assertEqual(answer["content"]["data"], [1])

    def test_one_that_nobody_awaits_is_closed(self):
        for target in ("nobody", "__proto__", "constructor"):
            (closed,) = self.told(self.say("comm_open", {"comm_id": "c1", "target_name": target, "data": {}}))
            self.assertEqual((closed["msg_type"], closed["content"]["comm_id"]), ("comm_close", "c1"))
        for kind in ("comm_msg", "comm_close"):
            self.assertEqual(self.told(self.say(kind, {"comm_id": "c1", "data": {}})), [])

    def test_an_error_in_a_listener_is_shown_and_the_others_hear(self):
        outcome = self.ok(
            """
            const bad = comms.open("bad");
            bad.onMessage(() => { throw new RangeError("in the listener") });
            bad.onMessage(async () => { throw new RangeError("a promise's") });
            bad.onMessage(() => console.log("heard all the same"));
            """
        )
        said = self.say("comm_msg", {"comm_id": outcome.of("comm_open")[0]["comm_id"], "data": {}})
        text = "".join(message["content"]["text"] for message in self.told(said))
        self.assertIn("RangeError", text)
        self.assertIn("in the listener", text)
        self.assertIn("heard all the same", text)
        self.assertEqual(self.ok("1 + 1").result, "2")

    def test_a_listener_that_never_returns_is_interrupted(self):
        outcome = self.ok('const stuck = comms.open("stuck"); stuck.onMessage(() => { console.log("in it"); while (true) {} })')
        said = self.say("comm_msg", {"comm_id": outcome.of("comm_open")[0]["comm_id"], "data": {}})
        kernel_process.wait_for(self.client, said, "stream")
        self.manager.interrupt_kernel()
        self.assertEqual(self.ok("1 + 1").result, "2")

    def test_they_work_while_a_cell_waits(self):
        message_id = self.client.execute(
            'const during = comms.open("during"); await new Promise((done) => during.onMessage(done)); "answered"'
        )
        comm = kernel_process.wait_for(self.client, message_id, "comm_open")["comm_id"]
        self.say("comm_msg", {"comm_id": comm, "data": {}})
        self.assertEqual(collect(self.client, message_id).result, "'answered'")

    def test_what_is_no_json_is_refused(self):
        self.ok("const strict = comms.open('strict'); const circle: any = {}; circle.self = circle")
        self.assertIn("TypeError: comm: data must be JSON", self.run_cell("strict.send(circle)").traceback)
        self.assertIn("buffers must hold bytes", self.run_cell("strict.send({}, { buffers: ['x' as any] })").traceback)
        self.assertIn("listener must be a function", self.run_cell("strict.onMessage(3 as any)").traceback)


class Belonging(OneKernel):
    """What comes late belongs to the cell that made it."""

    def late(self, code, kind):
        """The content that the cell publishes as `kind` while a later cell runs."""
        first = self.client.execute(f"import {{ existsSync }} from 'node:fs'; const seen = () => existsSync('go'); {code}")
        self.assertEqual(collect(self.client, first).status, "ok")
        second = self.client.execute("import { writeFileSync } from 'node:fs'; writeFileSync('go', ''); await new Promise(() => {})")
        content = kernel_process.wait_for(self.client, first, kind)
        self.manager.interrupt_kernel()
        collect(self.client, second)
        (self.folder / "go").unlink()
        return content

    WAIT = "const timer = setInterval(() => { if (seen()) { clearInterval(timer); late() } }, 10)"

    def test_output_of_a_timer(self):
        self.assertEqual(self.late(f"const late = () => console.log('late'); {self.WAIT}", "stream"), {"name": "stdout", "text": "late\n"})

    def test_an_error_in_a_timer(self):
        content = self.late(f"const late = () => {{ throw new Error('late error') }}; {self.WAIT}", "stream")
        self.assertEqual(content["name"], "stderr")
        self.assertIn("late error", content["text"])

    def test_a_rejection_that_nobody_handles(self):
        content = self.late(f"const late = () => {{ Promise.reject(new Error('late rejection')) }}; {self.WAIT}", "stream")
        self.assertEqual(content["name"], "stderr")
        self.assertIn("late rejection", content["text"])

    def test_a_figure_that_is_updated(self):
        code = """
            const kernel = (globalThis as any)[Symbol.for("assay.kernel")];
            kernel.display({ "text/html": "0" }, { displayId: "figure" });
            const late = () => kernel.display({ "text/html": "1" }, { displayId: "figure", update: true });
        """
        content = self.late(code + self.WAIT, "update_display_data")
        self.assertEqual((content["data"]["text/html"], content["transient"]["display_id"]), ("1", "figure"))


class Greetings(OneKernel):
    def test_who_subscribes_is_welcomed(self):
        collect(self.client, self.client.kernel_info())  # nothing of an earlier request is on its way any more
        other = self.manager.client()
        other.start_channels(shell=False, stdin=False, hb=False, control=False)
        self.addCleanup(other.stop_channels)
        message = other.get_iopub_msg(timeout=kernel_process.DEADLINE)
        self.assertEqual((message["msg_type"], message["content"]), ("iopub_welcome", {"subscription": ""}))

    def test_every_front_end_hears_of_a_shutdown(self):
        manager, client = kernel_process.start(self.folder)
        self.addCleanup(client.stop_channels)
        reply = ask(client, "shutdown_request", {"restart": True}, "control")
        while (message := client.get_iopub_msg(timeout=kernel_process.DEADLINE))["msg_type"] != "shutdown_reply":
            pass
        self.assertEqual((reply["restart"], message["content"]["restart"]), (True, True))
        self.assertTrue(kernel_process.ended(manager.provisioner.pid))
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    unittest.main()
