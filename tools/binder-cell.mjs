// Inside the trial of binder/: waits for JupyterLab, has a kernel answer a first cell, asks the service; prints the seconds since the process began.
const base = "http://127.0.0.1:8888";
const headers = { authorization: "token binder" };
const seconds = () => performance.now() / 1000;
const code = `import * as ml from "assay";
import { connect } from "assay-lab";
typeof ml.kepler === "function" && typeof connect === "function" ? 6 * 7 : 0`;

/** Asks until the answer is as it should be; two minutes at most. */
async function until(path) {
  for (;;) {
    const answer = await fetch(`${base}${path}`, { headers }).catch(() => undefined);
    if (answer?.ok) return seconds();
    if (seconds() > 120) throw new Error(`${path} did not answer: ${answer?.status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The text that a cell of a new kernel gives. */
async function cell(source) {
  const body = JSON.stringify({ name: "assay" });
  const { id } = await (await fetch(`${base}/api/kernels`, { method: "POST", headers, body })).json();
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/kernels/${id}/channels?token=binder`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const header = { msg_id: crypto.randomUUID(), msg_type: "execute_request", session: "binder", username: "", version: "5.3" };
  const content = { code: source, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
  const answer = new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => {
      const { msg_type: type, content: said } = JSON.parse(data);
      if (type === "execute_result") resolve(said.data["text/plain"]);
      if (type === "error") reject(new Error(said.traceback.join("\n")));
    };
  });
  socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: [] }));
  return answer.finally(() => socket.close());
}

const lab = await until("/api/status");
const first = cell(code).then((text) => ({ cell: seconds(), text }));
const [answer, ready] = await Promise.all([first, until("/assay/ready")]);
console.log(JSON.stringify({ lab, ready, ...answer }));
process.exit(0);
