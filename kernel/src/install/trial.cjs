"use strict";
// Starts a kernel as Jupyter does, has it run a cell, and ends it.
const { spawn } = require("node:child_process");
const { randomUUID } = require("node:crypto");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createWire } = require("../wire.cjs");

const patienceMs = 60_000;
const ip = "127.0.0.1";

/**
 * The text of an expression after a cell has run.
 * @param {{ argv: readonly string[], env?: Record<string, string> }} spec a kernelspec
 * @throws {Error} a kernel that does not start, does not answer within a minute, or answers with an error
 */
async function tryCell(spec, code, expression) {
  for (;;) {
    try {
      return await triedOnce(spec, code, expression);
    } catch (error) {
      if (!/address already in use/i.test(error.cause)) throw error; // somebody took a port between our look and the kernel's
    }
  }
}

async function triedOnce({ argv, env = {} }, code, expression) {
  const shell = new (require("zeromq").Dealer)({ linger: 0 });
  const folder = mkdtempSync(join(tmpdir(), "assay-doctor-"));
  const file = join(folder, "connection.json");
  const connection = await newConnection();
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  const [program, ...args] = argv.map((part) => part.replace("{connection_file}", file));
  const kernel = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  try {
    return await Promise.race([asked(shell, connection, code, expression), gone(kernel), tooLate()]);
  } finally {
    shell.close();
    kernel.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function newConnection() {
  const names = ["shell", "iopub", "stdin", "control", "hb"].map((channel) => `${channel}_port`);
  const servers = await Promise.all(names.map(listening));
  const ports = Object.fromEntries(names.map((port, k) => [port, servers[k].address().port]));
  for (const server of servers) server.close();
  return { ip, transport: "tcp", key: randomUUID(), signature_scheme: "hmac-sha256", ...ports };
}

const listening = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, ip, () => resolve(server));
  });

/** Has the kernel run the cell; the socket keeps the question until the kernel listens. */
async function asked(shell, connection, code, expression) {
  const wire = createWire(connection);
  shell.connect(`tcp://${ip}:${connection.shell_port}`);
  const content = { code, user_expressions: { value: expression }, allow_stdin: false };
  await shell.send(wire.write({ ids: [], type: "execute_request", parent: {}, content: JSON.stringify(content) }));
  for await (const frames of shell) {
    const { header, content: answer } = wire.read(frames);
    if (header.msg_type !== "execute_reply") continue;
    if (answer.status !== "ok") throw new Error(`must run, got ${answer.ename}: ${answer.evalue}`);
    return answer.user_expressions.value.data["text/plain"];
  }
  throw new Error("must be answered, the connection was closed");
}

/** Rejects when the kernel has ended, with the last that it said. */
function gone(kernel) {
  let said = "";
  kernel.stderr.on("data", (text) => {
    said = (said + text).slice(-2000);
  });
  return new Promise((_, reject) => {
    kernel.once("error", (cause) => reject(new Error(`must start, got ${cause.message}`, { cause })));
    kernel.once("close", (code) =>
      reject(new Error(`must answer, the kernel ended with ${code}: ${said.trim().split("\n").at(-1)}`, { cause: said })),
    );
  });
}

const tooLate = () =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`must answer within ${patienceMs / 1000} s`)), patienceMs).unref();
  });

module.exports = { tryCell };
