// Hosts of their own on one machine: Linux network namespaces with an address and a core each, on a bridge that leads nowhere else.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, memoryOf, secondsOf } from "../processes.mjs";

/** Set aside for benches of networks (RFC 2544); nothing outside of the namespaces sees it. */
const network = "198.18.0";
const cable = "eth0";

const ip = (...args) => execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Why there can be no hosts on this machine; undefined where they can be made. */
export function noHosts() {
  const probe = `assay-${randomBytes(3).toString("hex")}`;
  try {
    ip("netns", "add", probe);
    ip("netns", "delete", probe);
    return undefined;
  } catch (error) {
    const why = error.code === "ENOENT" ? "there is no `ip`: install iproute2" : String(error.stderr ?? error.message).trim();
    return `network namespaces cannot be made here, which takes root on Linux (${why})`;
  }
}

/**
 * Makes a host on each of these cores; the first has the bridge. `remove` ends whatever runs on them.
 * @param {readonly number[]} cores
 */
export function makeHosts(cores) {
  const prefix = `assay-${randomBytes(3).toString("hex")}`;
  const hosts = cores.map((core, k) => makeHost(`${prefix}-${k}`, core, `${network}.${k + 1}`));
  const remove = () => {
    for (const host of hosts) host.remove();
  };
  process.on("exit", remove);
  try {
    const [{ namespace: middle, address }] = hosts;
    for (const { namespace } of hosts) {
      ip("netns", "add", namespace);
      ip("-n", namespace, "link", "set", "lo", "up");
    }
    ip("-n", middle, "link", "add", "hosts", "type", "bridge");
    ip("-n", middle, "addr", "add", `${address}/24`, "dev", "hosts");
    ip("-n", middle, "link", "set", "hosts", "up");
    hosts.slice(1).forEach((host, k) => {
      const port = `port${k + 1}`;
      ip("-n", middle, "link", "add", port, "type", "veth", "peer", "name", cable, "netns", host.namespace);
      ip("-n", middle, "link", "set", port, "master", "hosts", "up");
      ip("-n", host.namespace, "addr", "add", `${host.address}/24`, "dev", cable);
      ip("-n", host.namespace, "link", "set", cable, "up");
      /** Pulls the host's cable out of the switch, and puts it back. */
      host.cut = () => ip("-n", middle, "link", "set", port, "down");
      host.mend = () => ip("-n", middle, "link", "set", port, "up");
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { hosts, remove };
}

function makeHost(namespace, core, address) {
  const host = { namespace, address, core };
  const pids = () => ip("netns", "pids", namespace).split("\n").filter(Boolean).map(Number);
  /** Starts a program on the host, on its core unless others are named; it ends with the host. */
  host.start = (command, args, { env = process.env, stdio = "ignore", cores = String(core), ...more } = {}) => {
    const child = spawn("ip", ["netns", "exec", namespace, "taskset", "-c", cores, command, ...args], { env, stdio, ...more });
    child.on("error", () => {});
    return child;
  };
  /** Runs a program on the host to its end; gives what it printed. Throws with it where it failed. */
  host.run = (command, args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = host.start(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
      let out = "";
      let said = "";
      child.stdout.on("data", (data) => (out += data));
      child.stderr.on("data", (data) => (said += data));
      child.on("exit", (code, signal) => {
        // a server that the program left behind may hold its pipes
        child.stdout.destroy();
        child.stderr.destroy();
        if (code === 0) resolve(out);
        else reject(new Error(`${command} ${args[0]} ended with ${code ?? signal}: ${(out + said).slice(-3000)}`));
      });
    });
  /** Ends all processes of the host at once, as a machine that falls out. */
  host.kill = () => {
    for (const pid of pids()) end(pid);
  };
  /** Bytes that have come and gone over the host's cable. */
  host.bytes = () => {
    const [{ stats64 }] = JSON.parse(ip("-n", namespace, "-s", "-j", "link", "show", cable));
    return { received: stats64.rx.bytes, sent: stats64.tx.bytes };
  };
  /** Processor seconds of its processes. */
  host.seconds = () => pids().reduce((total, pid) => total + secondsOf(pid), 0);
  /** Memory of its processes in MB, what they share counted once; `matching` picks by command line. */
  host.memory = (matching = /./) => pids().reduce((total, pid) => total + (matching.test(commandOf(pid)) ? memoryOf(pid) : 0), 0);
  host.remove = () => {
    try {
      host.kill();
      ip("netns", "delete", namespace);
    } catch {} // it was never made
  };
  return host;
}

function end(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {} // it has just ended
}

/** Asks again and again until the answer is true or something; throws after so many seconds. */
export async function until(what, asked, seconds = 120, everyMs = 100) {
  for (const late = Date.now() + 1000 * seconds; ; await sleep(everyMs)) {
    const answer = await asked();
    if (answer) return answer;
    if (Date.now() > late) throw new Error(`scaling: waited ${seconds} s in vain for ${what}`);
  }
}
