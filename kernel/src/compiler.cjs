"use strict";
// The converter as the executor sees it: tslab's Converter interface, in front of a thread of its own.
const { receiveMessageOnPort } = require("node:worker_threads");
const { createBindings } = require("./bindings.cjs");
const { beginCompiler, words } = require("./compiler/begin.cjs");
const { log } = require("./log.cjs");
const { createPositions } = require("./source-map.cjs");
const { installForTslab } = require("./tslab-typescript.cjs");

const kinds = ["assay", "tslab"];
/** So often is looked whether the cell should stop. */
const lookMs = 50;
/** So long may the compiler read the language's library before it is taken for stuck. */
const startLimitMs = 120_000;

/** The converter that ASSAY_KERNEL_CONVERTER names: `assay`, ours on today's TypeScript, or `tslab`, on TypeScript 5.0. Another name ends the start. */
function chosenKind() {
  const kind = process.env.ASSAY_KERNEL_CONVERTER || kinds[0];
  if (kinds.includes(kind)) return kind;
  log(`ASSAY_KERNEL_CONVERTER must be ${kinds.join(" or ")}, got ${kind}`);
  return process.exit(1);
}

/** The version of TypeScript that checks cells, without loading it. */
function typescriptVersion(kind = chosenKind()) {
  if (kind === "assay") return require("typescript/package.json").version;
  return require(require.resolve("@tslab/typescript-for-tslab/package.json", { paths: [require.resolve("tslab/package.json")] }))
    .version;
}

installForTslab(typescriptVersion());

/**
 * Starts the compiler's thread.
 * @param {{ kind?: string, folder?: string, stopped?: () => boolean, another?: (facts: object) => { memory: SharedArrayBuffer, main: object },
 *   patienceMs?: number, graceMs?: number }} [options] folder is the notebook's; stopped says whether the cell that is being compiled should stop,
 *   another begins a compiler in the place of the last one, patienceMs is how long a cell waits after it should stop, and graceMs how long the
 *   compiler may go on after that before another takes its place
 * @returns convert, addModule, close as tslab's Converter, and of the first compiler `questions`, the port to which the channel thread talks,
 *   and its `memory`
 */
function createConverter({ kind = chosenKind(), folder = process.cwd(), stopped = () => false, ...options } = {}) {
  const { another = anotherHere, patienceMs = 300, graceMs = 5_000 } = options;
  const bindings = createBindings(folder);
  const facts = { kind, folder, kernelFile: process.argv[1] };
  let local = beginCompiler(facts);
  const { memory, questions } = local;
  let { main } = local;
  let flags = new Int32Array(memory);
  let begunAt = performance.now();
  let asked = 0;
  let answered = 0;
  /** The task that a cell has let go unanswered, and when. */
  let letGo = { number: 0, since: 0 };
  /** Names with a value of cells that failed, of which no compiler has heard. */
  let alive = [];

  function anotherHere() {
    local.thread.terminate();
    local = beginCompiler(facts);
    return local;
  }

  /** Puts a new compiler in the place of one that does not answer. What that knew of earlier cells is lost: their names are `any`. */
  function renew() {
    const next = another(facts);
    main = next.main;
    flags = new Int32Array(next.memory);
    begunAt = performance.now();
    answered = asked;
    const names = Object.keys(bindings.names);
    if (names.length > 0) send("restart", { names });
  }

  function send(task, given) {
    Atomics.add(flags, words.urgent, 1);
    main.postMessage(JSON.stringify({ task, number: ++asked, ...given }));
    return asked;
  }

  /** The answer to a task, if it is there. */
  function answerTo(number) {
    for (let got = receiveMessageOnPort(main); got; got = receiveMessageOnPort(main)) {
      const answer = JSON.parse(got.message);
      answered = answer.number;
      if (answer.number === number) return answer;
    }
    return undefined;
  }

  const isStarting = () => Atomics.load(flags, words.ready) === 0 && performance.now() - begunAt < startLimitMs;
  const isGone = () => Atomics.load(flags, words.gone) > 0;
  const isStuck = () => answered < letGo.number && !isStarting() && performance.now() - letGo.since > graceMs;

  /**
   * Has something done by the thread, and waits for it; undefined where the cell should stop. What a cell has let go, the compiler passes over when it
   * comes to it; one that goes on with it for too long is given up.
   */
  function ask(task, given) {
    if (isGone()) renew();
    const number = send(task, given);
    let since;
    for (;;) {
      const seen = Atomics.load(flags, words.answered);
      const answer = answerTo(number);
      if (answer?.fault) throw new Error(`the compiler failed: ${answer.fault}`);
      if (answer) return answer.result;
      if (isGone()) {
        renew();
        throw new Error("the compiler failed: its thread has ended");
      }
      if (Atomics.wait(flags, words.answered, seen, lookMs) !== "timed-out") continue;
      if (isStuck()) {
        renew();
        return ask(task, given);
      }
      if (!stopped()) continue;
      Atomics.store(flags, words.stop, number);
      since ??= performance.now();
      if (!isStarting() && performance.now() - since < patienceMs) continue;
      if (answered >= letGo.number) letGo = { number, since };
      return undefined;
    }
  }

  return {
    questions,
    memory,
    convert(previous, source) {
      alive.push(...bindings.settle());
      const answer = ask("convert", { previous, source, alive });
      if (!answer) return { diagnostics: [] };
      alive = [];
      const { maps, sideMaps = [], ...result } = answer;
      if (!result.output) return result;
      return {
        ...result,
        positions: createPositions(maps),
        sidePositions: sideMaps.map(([path, side]) => [path, createPositions(side)]),
      };
    },
    addModule: (name, content, meta) => ask("addModule", { name, content, meta }) ?? [],
    /** Forgets every cell. */
    restart() {
      bindings.clear();
      alive = [];
      ask("restart", { names: [] });
    },
    close: () => local.thread.terminate(),
  };
}

module.exports = { createConverter, typescriptVersion };
