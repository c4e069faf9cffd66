"use strict";
// What `usage_request` asks: the measures that jupyter-resource-usage shows for a kernel.
const os = require("node:os");

/** A function that measures processor use since its last call, and memory now. */
function createUsage() {
  let before = sample();
  return () => {
    const now = sample();
    const elapsedUs = (now.at - before.at) * 1000;
    const share = (part, whole) => (whole > 0 ? Math.round((1000 * part) / whole) / 10 : 0);
    const content = {
      hostname: os.hostname(),
      pid: process.pid,
      kernel_cpu: share(now.used - before.used, elapsedUs),
      kernel_memory: process.memoryUsage.rss(),
      cpu_count: os.availableParallelism(),
      host_cpu_percent: share(now.busy - before.busy, now.total - before.total),
      host_virtual_memory: hostMemory(),
    };
    before = now;
    return content;
  };
}

function sample() {
  const { user, system } = process.cpuUsage();
  const cpus = os.cpus().map((cpu) => cpu.times);
  const sum = (of) => cpus.reduce((total, times) => total + of(times), 0);
  const total = sum((times) => Object.values(times).reduce((a, b) => a + b, 0));
  return { at: performance.now(), used: user + system, total, busy: total - sum((times) => times.idle) };
}

function hostMemory() {
  const total = os.totalmem();
  const available = process.availableMemory();
  const percent = Math.round((1000 * (total - available)) / total) / 10;
  return { total, available, used: total - available, free: os.freemem(), percent };
}

module.exports = { createUsage };
