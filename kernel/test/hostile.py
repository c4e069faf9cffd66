"""Cells that no kernel likes: each by its name. After every one of them `1 + 1` must be 2."""

GARBAGE = {
    "nothing": "",
    "white space": " \n\t\r\n ",
    "signs": "]}){[(`'\"\\",
    "letters": "asdf qwer ;;; ((( zxcv",
    "nul and friends": "\x00\x01\x02 let a = '\x00'",
    "a byte order mark and separators": "\ufeff1\u2028+\u2029 1",
    "a shebang": "#!/usr/bin/env node\n1",
    "html": "<script>alert(1)</script>",
    "python": "def f(x):\n    return x ** 2\nprint(f(3))",
    "an end of the wrapper": "}); process.exitCode = 3; (() => {",
    "an end of the wrapper behind a comment": "1 //\n})(__tslab__.exports); (function() {",
    "a return": "return 3",
    "a yield": "yield 3",
    "a source of its own": "throw new Error('x')\n//# sourceURL=/etc/passwd",
    "a map of its own": "1\n//# sourceMappingURL=data:application/json;base64,e30=",
    "an open comment": "/* never closed",
    "an open template": "`never ${closed",
    "brackets without end": "[" * 3_000,
    "a deep expression": "(" * 2_000 + "1" + ")" * 2_000,
    "a long sum": "+".join(["1"] * 5_000),
    "a million lines in a string": "const lines = `" + "x\n" * 1_000_000 + "`; lines.length",
    "one line of a megabyte": "const wide = '" + "y" * 1_000_000 + "'; wide.length",
    "a list that takes its time to check": "const slow = [" + "[[1]]," * 150_000 + "]",
    "a thousand names": "\n".join(f"const name{k} = {k};" for k in range(1_000)),
    "types without end": "type Deep<T> = { next: Deep<Deep<T>> }; let deep: Deep<1>['next']['next']['next']; 1",
    "reserved names": "let undefined = 1, NaN = 2",
    "names of the machinery": "const exports = 1, require = 2, module = 3, globalThis = 4, __tslab__ = 5; exports",
    "names of prototypes": "const __proto__ = 1, constructor = 2, toString = 3, hasOwnProperty = 4; constructor",
    "a debugger": "debugger; 1",
}

VALUES = {
    "a circle": "const circle: any = {}; circle.circle = circle; circle.map = new Map([[circle, circle]]); circle",
    "a getter that throws": "({ get x() { throw new Error('no') } })",
    "a value that will not be text": """({
        toString() { throw 1 }, valueOf() { throw 1 }, toJSON() { throw 1 }, [Symbol.toPrimitive]() { throw 1 },
        get [Symbol.toStringTag]() { throw 1 }, [Symbol.for("nodejs.util.inspect.custom")]() { throw 1 },
    } as any)""",
    "a text that is none": 'console.log({ [Symbol.for("nodejs.util.inspect.custom")]: () => ({}) }); ({ [Symbol.for("nodejs.util.inspect.custom")]: () => Symbol("x") })',
    "a proxy that refuses": "const refuse = () => { throw new Error('refused') }; new Proxy({}, new Proxy({}, { get: () => refuse })) as any",
    "a proxy without end": "const endless: any = new Proxy(() => {}, { get: () => endless, apply: () => endless, has: () => true, ownKeys: () => ['a'] }); endless",
    "a proxy that was revoked": "const revoked = Proxy.revocable({}, {}); revoked.revoke(); revoked.proxy",
    "a value without a prototype": "Object.create(null)",
    "a deep list": "let deepList: any = []; for (let k = 0; k < 100_000; k++) deepList = [deepList]; deepList",
    "a wide map": "new Map(Array.from({ length: 300_000 }, (_, k) => [k, { k }]))",
    "a long text": "'z'.repeat(20_000_000)",
    "a sparse list": "const sparse: number[] = []; sparse[4_000_000_000] = 1; sparse",
    "a display that throws": '({ [Symbol.for("Jupyter.display")]() { throw undefined } })',
    "a display that is no method": '({ [Symbol.for("Jupyter.display")]: 3, toMimeBundle: "x" })',
    "a display of nothing": '({ [Symbol.for("Jupyter.display")]: () => null })',
    "a display of a circle": 'const round: any = {}; round.r = round; ({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": round }) })',
    "a display that throws a proxy": '({ [Symbol.for("Jupyter.display")]() { throw new Proxy(new Error(), { get() { throw 1 } }) } })',
    "a display that is never ready": '({ [Symbol.for("Jupyter.display")]: () => new Promise(() => {}) })',
    "a display that rejects": '({ [Symbol.for("Jupyter.display")]: async () => { throw Object.create(null) } })',
    "a display that waits for itself": "const self: any = { then(done: any) { done(self) } }; self",
    "a thenable": "({ then() { throw new Error('not me') } })",
    "an inspection without end": '({ [Symbol.for("nodejs.util.inspect.custom")]() { while (true) {} } })',
    "a display without end": '({ [Symbol.for("Jupyter.display")]() { while (true) {} } })',
    "wrong things displayed": "import * as tslab from 'tslab'; tslab.display.html(Symbol('x') as any); tslab.display.raw('a/b', { b: 1n } as any); tslab.newDisplay().png(3 as any)",
    "much displayed": "import * as tslab from 'tslab'; for (let k = 0; k < 3_000; k++) tslab.display.html('<b>')",
    "much printed": "for (let k = 0; k < 100_000; k++) console.log('line', k)",
    "printed without end": "const wide = 'p'.repeat(1_000); while (true) console.log(wide)",
    "printed without end, between waits": "for (;;) { console.log('q'.repeat(1_000)); await null }",
    "displayed without end": "while (true) display('d'.repeat(3_000))",
    "odd things printed": "console.log(new Proxy({}, { get() { throw 1 } })); process.stdout.write(3 as any); process.stdout.write(null as any)",
}

THROWN = {
    "a proxy": "throw new Proxy(new Error('x'), { get() { throw 1 }, has() { throw 1 }, getPrototypeOf() { throw 1 } })",
    "an error of throwing getters": """
        const bad: any = new Error("bad");
        for (const name of ["stack", "message", "name", "cause", "code", "errors"]) Object.defineProperty(bad, name, { get() { throw bad } });
        throw bad
    """,
    "an error of wrong things": "throw Object.assign(new AggregateError([]), { name: Symbol('n'), message: {}, stack: 3, cause: null, errors: 3, code: {} })",
    "a circle of causes": "const first: any = new Error('1'), second = new Error('2', { cause: first }); first.cause = second; throw first",
    "a crowd": "throw new AggregateError(Array.from({ length: 10_000 }, (_, k) => new Error(`${k}`)))",
    "a long message": "throw new Error('m'.repeat(5_000_000))",
    "a text that will not be": '({}); throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw 1 } }',
    "an inspection without end": '({}); throw { [Symbol.for("nodejs.util.inspect.custom")]() { while (true) {} } }',
    "a stack without end": "throw Object.defineProperty(new Error('x'), 'stack', { get() { while (true) {} } })",
    "a symbol": "throw Symbol('thrown')",
    "nothing": "throw undefined",
    "a rejection of nothing": "await Promise.reject()",
    "a rejection of a proxy": "await Promise.reject(new Proxy({}, { get() { throw 1 } }))",
}

LATE = {
    "a timer": "setTimeout(() => { throw new Error('late') }); await new Promise((done) => setTimeout(done, 20))",
    "an immediate": "setImmediate(() => { throw null }); await new Promise((done) => setTimeout(done, 20))",
    "a tick": "process.nextTick(() => { throw new Error('tick') }); await new Promise((done) => setTimeout(done, 20))",
    "a microtask": "queueMicrotask(() => { throw new Error('microtask') }); await new Promise((done) => setTimeout(done, 20))",
    "a rejection": "Promise.reject(new Proxy({}, { get() { throw 1 } })); await new Promise((done) => setTimeout(done, 20))",
    "a crowd of rejections": "for (let k = 0; k < 2_000; k++) Promise.reject(k)",
    "an emitter": "import { EventEmitter } from 'node:events'; setTimeout(() => new EventEmitter().emit('error', new Error('emitted'))); await new Promise((done) => setTimeout(done, 20))",
    "a loop in a timer": "setTimeout(() => { while (true) {} }, 5); await new Promise(() => {})",
    "no listener left": "process.removeAllListeners(); setTimeout(() => { throw new Error('nobody') }); Promise.reject(1); await new Promise((done) => setTimeout(done, 20))",
    "listeners that throw again": """
        process.on("uncaughtException", (error) => { throw error });
        process.on("unhandledRejection", (reason) => { throw reason });
        setTimeout(() => { throw new Error("again") });
        Promise.reject(new Error("and again"));
        await new Promise((done) => setTimeout(done, 20))
    """,
    "signals": "process.emit('SIGINT', 'SIGINT'); process.emit('exit', 0); process.emit('message', {}, undefined as any); 1",
}

RESOURCES = {
    "no memory left in a thread": """
        import { Worker } from "node:worker_threads";
        const hog = new Worker("const all = []; for (;;) all.push(new Array(1e5).fill(0))", { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
        await new Promise((done) => hog.on("error", done))
    """,
    "no memory left in a thread, and nobody listens": """
        import { Worker as Thread } from "node:worker_threads";
        const lost = new Thread("const all = []; for (;;) all.push(new Array(1e5).fill(0))", { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
        await new Promise((done) => lost.on("exit", done))
    """,
    "no memory left in a child": """
        import { spawnSync } from "node:child_process";
        spawnSync(process.execPath, ["--max-old-space-size=16", "-e", "const all = []; for (;;) all.push(new Array(1e5).fill(0))"]).signal
    """,
    "a list that is too long": "new Array(2 ** 32)",
    "a buffer that is too long": "Buffer.alloc(2 ** 53)",
    "a text that is too long": "'x'.repeat(2 ** 30)",
    "recursion": "function again(): number { return again() + 1 } again()",
    "recursion in a text": "const text: any = { toString: () => `${text}` }; `${text}`",
    "recursion of promises": "const more = async (): Promise<number> => (await more()) + 1; await more()",
    "a pattern without end": "/^(a+)+$/.test('a'.repeat(60) + 'b')",
    "a wait without end": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "a wait behind an await": "await null; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "microtasks without end": "const spin = () => { queueMicrotask(spin) }; spin()",
    "ticks without end": "const tick = () => { process.nextTick(tick) }; tick()",
    "a loop that catches everything": "for (;;) { try { for (;;) {} } catch {} finally { continue } }",
    "a promise that never is": "await new Promise(() => {})",
    "an import without end": "await import('data:text/javascript,await new Promise(() => {})')",
    "a module that throws": "await import('data:text/javascript,throw new Proxy({}, { get() { throw 1 } })')",
}

REALM = {
    "Object.prototype has more": "(Object.prototype as any).more = 'more'; Object.defineProperty(Object.prototype, 'silent', { value: true, enumerable: true, configurable: true })",
    "every object is thenable": "(Object.prototype as any).then = function (this: any, done: any) { done(3) }",
    "Object.prototype refuses": """
        for (const name of ["type", "message", "content", "header", "parent", "ids", "text", "value", "code", "data", "result", "failure", "signal", "stop"])
          Object.defineProperty(Object.prototype, name, { get() { throw new Error(name) }, set() { throw new Error(name) }, configurable: true })
    """,
    "Object.prototype is frozen": "Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(Function.prototype); 1",
    "lists cannot be walked": "(Array.prototype as any)[Symbol.iterator] = function* () { throw new Error('no walk') }",
    "lists do nothing": "for (const name of Object.getOwnPropertyNames(Array.prototype)) if (name !== 'constructor' && name !== 'length') (Array.prototype as any)[name] = () => { throw new Error(name) }",
    "texts do nothing": "for (const name of ['split', 'replace', 'slice', 'startsWith', 'includes', 'trim', 'match', 'indexOf']) (String.prototype as any)[name] = null",
    "functions do nothing": "for (const name of ['call', 'apply', 'bind', 'toString']) (Function.prototype as any)[name] = undefined",
    "promises never are": "Promise.prototype.then = (() => {}) as any; Promise.prototype.catch = Promise.prototype.finally = null as any; 1",
    "promises are made by nobody": "(Promise as any).resolve = (Promise as any).race = (Promise as any).all = () => { throw new Error('none') }",
    "patterns find nothing": "(RegExp.prototype as any).exec = () => { throw new Error('exec') }; (RegExp.prototype as any).test = null",
    "maps hold nothing": "(Map.prototype as any).get = (Map.prototype as any).set = (Set.prototype as any).has = (WeakMap.prototype as any).get = () => { throw new Error('empty') }",
    "JSON is gone": "(JSON as any).parse = (JSON as any).stringify = () => { throw new Error('no JSON') }",
    "errors are odd": "(Error as any).prepareStackTrace = () => { throw new Error('no stack') }; Error.stackTraceLimit = 0; (Error as any).captureStackTrace = null",
    "stacks are objects": "(Error as any).prepareStackTrace = () => ({ stack: 1 }); throw new Error('odd stack')",
    "Object's functions are gone": "for (const name of ['keys', 'entries', 'fromEntries', 'assign', 'defineProperty', 'freeze', 'create']) (Object as any)[name] = () => { throw new Error(name) }",
    "no console": "(globalThis as any).console = undefined",
    "a console that throws": "for (const name of Object.keys(console)) (console as any)[name] = () => { throw new Error(name) }",
    "no Promise": "(globalThis as any).Promise = undefined",
    "no timers": "for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'queueMicrotask']) (globalThis as any)[name] = null",
    "no Symbol": "(globalThis as any).Symbol = undefined",
    "no Error": "(globalThis as any).Error = (globalThis as any).TypeError = undefined",
    "no Object": "(globalThis as any).Object = (globalThis as any).Array = (globalThis as any).JSON = undefined",
    "no process": "(globalThis as any).process = (globalThis as any).Buffer = (globalThis as any).performance = undefined",
    "no globals at all": "for (const name of Object.getOwnPropertyNames(globalThis)) if (name !== 'globalThis') try { delete (globalThis as any)[name] } catch {}",
    "a process that cannot be told": "process.emit = (() => { throw new Error('emit') }) as any; try { (process as any)._fatalException = null } catch {} setTimeout(() => { throw new Error('untold') }); await new Promise((done) => setTimeout(done, 20))",
    "a frozen world": "Object.freeze(globalThis); 1",
    "the kernel's own names": "(globalThis as any).__tslab__ = null; (globalThis as any).input = null; (globalThis as any)[Symbol.for('assay.kernel')] = null",
    "a process without functions": "for (const name of ['exit', 'kill', 'on', 'emit', 'nextTick', 'cwd', 'memoryUsage', 'hrtime']) (process as any)[name] = () => { throw new Error(name) }",
    "an environment without names": "for (const name of Object.keys(process.env)) delete process.env[name]",
    "a module loader that refuses": "import Module from 'node:module'; (Module as any)._load = (Module as any)._resolveFilename = () => { throw new Error('no module') }; 1",
    "a cache without modules": "for (const name of Object.keys(require.cache ?? {})) delete require.cache[name]",
}

FILES = {
    "standard output written in vain": "process.stdout.write = null as any; console.log('x')",
    "standard output closed": "process.stdout.end(); process.stderr.end(); console.log('x')",
    "standard output destroyed": "process.stdout.destroy(); process.stderr.destroy(); console.log('x')",
    "standard files closed": "import { closeSync } from 'node:fs'; for (const file of [0, 1, 2]) try { closeSync(file) } catch {}",
    "another folder, which is gone": "import { mkdirSync, rmdirSync } from 'node:fs'; mkdirSync('/tmp/gone-' + process.pid); process.chdir('/tmp/gone-' + process.pid); rmdirSync('/tmp/gone-' + process.pid)",
    "the notebook's folder is gone": "import { rmSync } from 'node:fs'; rmSync('.', { recursive: true, force: true })",
    "packages come and go": """
        import { mkdirSync, rmSync, writeFileSync } from "node:fs";
        for (let k = 0; k < 30; k++) {
          mkdirSync(`node_modules/pack${k}`, { recursive: true });
          writeFileSync(`node_modules/pack${k}/package.json`, `{ "name": "pack${k}", "main": "i.js" }`);
          writeFileSync(`node_modules/pack${k}/i.js`, "exports.n = 1");
          if (k % 3 === 0) rmSync(`node_modules/pack${k}`, { recursive: true });
        }
    """,
    "a package that is damaged": """
        import { mkdirSync, writeFileSync } from "node:fs";
        mkdirSync("node_modules/damaged", { recursive: true });
        writeFileSync("node_modules/damaged/package.json", "{ not json");
        writeFileSync("tsconfig.json", "{ not json either");
    """,
    "a damaged package is imported": "import * as damaged from 'damaged'; damaged",
    "all packages go": "import { rmSync } from 'node:fs'; rmSync('node_modules', { recursive: true, force: true }); rmSync('tsconfig.json', { force: true })",
    "a native file that is none": "import { writeFileSync } from 'node:fs'; writeFileSync('./bad.node', 'x'); require('./bad.node')",
}

# the kernel's process ends, and is started again as the Jupyter server does it
ENDINGS = {
    "exit": "process.exit()",
    "exit with a code": "process.exit(3)",
    "exit from a timer": "setTimeout(() => process.exit(), 5); await new Promise(() => {})",
    "a friendly signal": "process.kill(process.pid); await new Promise(() => {})",
    "an unfriendly signal": "process.kill(process.pid, 'SIGKILL')",
    "the inner exit": "(process as any).reallyExit(1)",
}

# each harmless alone, in this order not: the second asks for what the first took away
SEQUENCES = [
    ("files: standard files closed", "resources: no memory left in a thread, and nobody listens"),
    ("realm: a process without functions", "late: an immediate"),
    ("realm: lists do nothing", "late: a crowd of rejections"),
    ("realm: functions do nothing", "garbage: a list that takes its time to check"),
]

STAYING = {f"{kind}: {name}": code for kind, cells in {
    "garbage": GARBAGE, "value": VALUES, "thrown": THROWN, "late": LATE, "resources": RESOURCES, "realm": REALM, "files": FILES,
}.items() for name, code in cells.items()}
