"""Users who press every key: interrupts in a row, several front ends, big messages, restarts in the middle of it."""

import queue
import random
import time
import unittest

import kernel_process
from jupyter_client.session import Session
from kernel_process import DEADLINE, OneKernel, arrived, ask, collect, ready_again, run, wait_for

FLOOD = "const wide = 'w'.repeat(1_000); while (true) console.log(wide)"
BUFFER_BYTES = 32 * 2**20
# more than ZeroMQ keeps on the side of a front end that does not read
UNREAD = 3_000


def setUpModule():
    kernel_process.prepare()


def connect(test, client):
    """Opens the channels of a further front end; from now on it misses nothing."""
    client.start_channels(hb=False)
    test.addCleanup(client.stop_channels)
    while client.get_iopub_msg(timeout=DEADLINE)["msg_type"] != "iopub_welcome":
        pass
    return client


class Rough(OneKernel):
    def interrupt(self):
        """Interrupts what runs, and waits until that has had its effect."""
        ask(self.client, "interrupt_request", channel="control")

    def other_client(self):
        """Another front end of the same kernel."""
        return connect(self, self.manager.client(session=Session(key=self.manager.session.key)))

    def test_fifty_interrupts_in_a_row_at_any_time(self):
        draw = random.Random(3)
        loops = [
            "while (true) {}",
            "for (;;) await null",
            "await new Promise(() => {})",
            "for (;;) { console.log('line'); await new Promise((done) => setTimeout(done, 1)) }",
            "setTimeout(() => { while (true) {} }, 1); await new Promise(() => {})",
            f"const list = [{'[[1]],' * 2_000}]",
            "throw new Error('at once')",
        ]
        open_ids = set()
        for _ in range(50):
            open_ids.add(self.client.execute(draw.choice(loops), stop_on_error=False))
            time.sleep(draw.random() * 0.05)
            self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))  # in order with those below
        while open_ids:  # some came before their cells
            self.interrupt()
            try:
                open_ids.discard(self.client.get_shell_msg(timeout=0.2)["parent_header"].get("msg_id"))
            except queue.Empty:
                pass
        self.assertEqual(self.ok("1 + 1").result, "2")
        self.assertEqual(self.ok("const after: number = 3; await null; after").result, "3")

    def test_two_front_ends_have_each_their_answers_and_hear_of_both(self):
        other = self.other_client()
        first = self.client.execute("await new Promise((done) => setTimeout(done, 50)); 'first'")
        wait_for(self.client, first, "execute_input")
        second = other.execute("'second'")
        self.assertEqual(collect(self.client, first).result, "'first'")
        self.assertEqual(collect(other, second).result, "'second'")
        self.assertEqual(wait_for(self.client, second, "execute_result")["data"]["text/plain"], "'second'")

    def test_a_front_end_that_never_reads_keeps_no_other_from_its_answers(self):
        self.other_client()
        # no more than that: who reads more slowly than a cell shows has them all before it
        message_id = self.client.execute(f"for (let shown = 0; shown < {UNREAD}; shown++) display(shown); await new Promise(() => {{}})")
        for _ in range(UNREAD):
            wait_for(self.client, message_id, "display_data")
        self.interrupt()
        self.assertEqual(collect(self.client, message_id).reply["ename"], "Interrupted")
        self.assertEqual(self.ok("1 + 1").result, "2")

    def test_big_buffers_go_both_ways(self):
        self.ok(
            """
            import { comms } from "tslab";
            comms.target("big", (line) => {
              line.onMessage((data, { buffers }) => line.send({ bytes: buffers[0].byteLength, offset: buffers[0].byteOffset }, { buffers }));
            });
            """
        )
        send = lambda kind, content, buffers=None: self.client.session.send(  # noqa: E731
            self.client.shell_channel.socket, self.client.session.msg(kind, content), buffers=buffers
        )
        send("comm_open", {"comm_id": "big", "target_name": "big", "data": {}})
        for _ in range(3):
            send("comm_msg", {"comm_id": "big", "data": {}}, [bytes(range(256)) * (BUFFER_BYTES // 256)])
            while (message := self.client.get_iopub_msg(timeout=DEADLINE))["msg_type"] != "comm_msg":
                pass
            self.assertEqual(message["content"]["data"], {"bytes": BUFFER_BYTES, "offset": 0})
            self.assertEqual(bytes(message["buffers"][0][-256:]), bytes(range(256)))
        self.assertEqual(self.ok("1 + 1").result, "2")

    def test_a_cell_waits_behind_one_that_does_not_end_and_runs_once_that_is_interrupted(self):
        first = self.client.execute("globalThis.going = setInterval(() => console.log('beside'), 1); await new Promise(() => {})", stop_on_error=False)
        second = self.client.execute("const behind = await Promise.resolve('ran'); behind")
        wait_for(self.client, first, "stream")
        self.interrupt()
        self.assertEqual(collect(self.client, first).reply["ename"], "Interrupted")
        self.assertEqual(collect(self.client, second).result, "'ran'")

    def test_what_a_cell_has_left_running_goes_on_beside_the_next(self):
        self.ok("let steps = 0; void (async () => { for (;;) { steps++; await new Promise((done) => setImmediate(done)) } })()")
        self.assertEqual(self.ok("const from = steps; while (steps < from + 3) await new Promise((done) => setTimeout(done, 1)); 'more'").result, "'more'")


class Returns(OneKernel):
    def test_a_front_end_that_comes_back_under_its_name_before_it_was_gone_has_its_answers(self):
        again = connect(self, self.manager.client())
        self.assertEqual(ask(again, "kernel_info_request")["status"], "ok")
        self.assertEqual(run(again, "1 + 1").result, "2")
        first = again.execute("await input('who? ')", allow_stdin=True)
        self.assertEqual(again.get_stdin_msg(timeout=DEADLINE)["content"]["prompt"], "who? ")
        again.input("me")
        self.assertEqual(collect(again, first).result, "'me'")


class Restarts(OneKernel):
    def test_a_restart_in_the_middle_of_anything(self):
        for code in (FLOOD, "while (true) {}", "for (;;) await null", "await new Promise(() => {})"):
            with self.subTest(code):
                message_id = self.client.execute(code)
                wait_for(self.client, message_id, "execute_input")
                self.manager.restart_kernel(now=False)
                ready_again(self.client)
                self.assertEqual(run(self.client, "1 + 1").result, "2")

    def test_requests_that_came_before_the_restart_are_not_run_after_it(self):
        self.client.execute("while (true) {}")
        for _ in range(20):
            self.client.execute("throw new Error('from before')")
        arrived(self.client)  # what has not left yet is sent to whoever binds the socket next
        self.manager.restart_kernel(now=True)
        ready_again(self.client)
        self.assertEqual(run(self.client, "const fresh = 1; fresh").result, "1")


if __name__ == "__main__":
    unittest.main()
