// Requests of one kind over connections that stay open, in a process of its own: `load.mjs <port> <connections> <seconds> <file of the request>`;
// prints answers a second, percentiles of their milliseconds, and answers other than 200.
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const [port, connections, seconds, file] = process.argv.slice(2);
const request = readFileSync(file);
const times = [];
let bad = 0;
const begin = performance.now();
const until = begin + 1000 * Number(seconds);

/** One connection: asks, waits for the whole answer, asks again. */
const client = () =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
    let start = 0;
    let head = "";
    let left = -1;
    const ask = () => {
      if (performance.now() >= until) return socket.end(resolve);
      start = performance.now();
      socket.write(request);
    };
    socket.on("connect", ask);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      if (left < 0) {
        head += chunk.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.startsWith("HTTP/1.1 200")) bad++;
        left = Number(/content-length: (\d+)/i.exec(head)[1]) - (head.length - end - 4);
      } else left -= chunk.length;
      if (left > 0) return;
      times.push(performance.now() - start);
      head = "";
      left = -1;
      ask();
    });
  });

await Promise.all(Array.from({ length: Number(connections) }, client));
const rate = (1000 * times.length) / (performance.now() - begin);
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
console.log(JSON.stringify({ rate, p50: at(0.5), p95: at(0.95), p99: at(0.99), bad }));
