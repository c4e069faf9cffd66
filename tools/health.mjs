// `npm run health`: docs/health.md, from the files as they are, the rules checked now, and what earlier runs of the suites left in .assay.
// `npm run health -- core extension` first runs these projects' unit tests (core, lab, kernel, extension) and counts the lines that they reach.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { statics, suitesFile, vitestAs } from "./check.mjs";
import { countReached, reachedOf, sources } from "./reached-lines.mjs";
import { again, root, setup } from "./setup.mjs";

/** Each part of the repository: its folder, and how deep its rooms lie in it. */
const parts = [
  { title: "Library: core", folder: "library/core", room: /^library\/core\/(?:src\/)?([^/]+)\// },
  { title: "Library: lab", folder: "library/lab", room: /^library\/lab\/(?:src\/)?(flows\/[^/]+|[^/]+)\// },
  { title: "Kernel", folder: "kernel", room: /^kernel\/(src\/[^/]+|[^/]+)\// },
  { title: "Extension", folder: "extension", room: /^extension\/(?:src\/)?(flows\/[^/]+|[^/]+)\// },
  { title: "Tools", folder: "tools", room: /^tools\/([^/]+)\// },
];
const isSource = (path) => /\.(ts|tsx|mjs|cjs|py|sh|css)$/.test(path) && !/\/fixtures\/|\.d\.ts$/.test(path);
const isTest = (path) => /\.test\.(ts|tsx|mjs)$|\/test\/|\/testing\//.test(path);

const introduction = `# Health

Written by \`npm run health\`: files and lines as git has them, rules as they are checked at that moment, lines reached by tests and seconds of suites
as the newest runs left them in \`.assay\`. What was not run says so.

Lines are those of the file, comments and blank ones too. *Tests* is the share of a room's lines that stand in its tests and their helpers; the
median and the longest file are of the others. *Reached* is the share of lines with a statement that the unit tests of its own part run, in their own
process or in one that they start and that ends by itself. The threads that fits run on, processes that are killed, the browser's journeys, the kernel's
suite and the notebooks are not seen: rooms of algorithms, panels and kernel are proved there, and show less here.`;

/** The tracked files of a part by room, files of the part's own folder under "(its own)". */
function roomsOf({ folder, room }) {
  const tracked = execFileSync("git", ["ls-files", folder], { cwd: root, encoding: "utf8" }).trim().split("\n").filter(isSource);
  return Map.groupBy(tracked, (path) => {
    const name = room.exec(path)?.[1] ?? "(its own)";
    return name === "src" ? "(its own)" : name;
  });
}

const linesOf = (path) => readFileSync(join(root, path), "utf8").trimEnd().split("\n").length;
const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);
const percent = (part, whole) => `${((100 * part) / whole).toFixed(0)} %`;

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A room's row: its files, median and longest, share of tests, lines reached. */
function row(name, paths, reached) {
  const [tests, own] = [paths.filter(isTest), paths.filter((path) => !isTest(path))];
  const lines = own.map((path) => ({ path, count: linesOf(path) })).sort((a, b) => b.count - a.count);
  const [testLines, ownLines] = [sumOf(tests.map(linesOf)), sumOf(lines.map(({ count }) => count))];
  const longest = lines[0] ? `${lines[0].count} \`${lines[0].path.split("/").at(-1)}\`` : "–";
  const seen = own.map((path) => reached.get(path)).filter(Boolean);
  const covered = seen.length
    ? percent(sumOf(seen.map((each) => each.covered)), sumOf(seen.map((each) => each.total)) || 1)
    : "–";
  const shares = percent(testLines, testLines + ownLines);
  return [name, paths.length, lines.length ? median(lines.map(({ count }) => count)) : "–", longest, shares, covered];
}

const table = (head, rows, right) => [
  `| ${head.join(" | ")} |`,
  `| ${head.map((_, k) => (right.includes(k) ? "---:" : "---")).join(" | ")} |`,
  ...rows.map((cells) => `| ${cells.join(" | ")} |`),
];

/** The newest run of each suite of `npm test`, as far as it was run in this folder. */
function suiteRows() {
  const kept = existsSync(suitesFile) ? JSON.parse(readFileSync(suitesFile, "utf8")) : {};
  return Object.entries(kept).flatMap(([suite, lines]) =>
    lines.length === 0
      ? [[suite, "not run", "", "", "", "", ""]]
      : lines.map(({ name, passed, failed, skipped, seconds, at }) => [
          suite,
          name,
          passed,
          failed,
          skipped,
          seconds.toFixed(1),
          at.slice(0, 10),
        ]),
  );
}

await setup("tools/requirements-test.txt");
if (!again(fileURLToPath(import.meta.url))) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in sources));
  if (unknown.length > 0) {
    console.error(`npm run health: no project ${unknown.join(", ")}, there are ${Object.keys(sources).join(", ")}`);
    process.exit(2);
  }
  const counted = [];
  for (const project of wanted) counted.push(await countReached(project));
  const rules = [...(await statics()), await vitestAs("policies", "core", "tools")];
  const counts = new Map(Object.keys(sources).map((project) => [project, reachedOf(project)]));
  const reached = new Map([...counts.values()].flatMap((files) => Object.entries(files ?? {})));
  const suites = suiteRows();
  const missing = [...counts.keys()].filter((project) => !counts.get(project));
  const head = ["room", "files", "median", "longest", "tests", "reached"];
  const page = [
    introduction,
    "",
    "## Rules",
    "",
    ...table(
      ["rule", "kept"],
      [
        "format and lint (Biome)",
        "types (TypeScript)",
        "rooms (dependency-cruiser)",
        "policies, coverage, French, licences (tools/*.test.ts)",
      ].map((rule, k) => [
        rule,
        rules[k].failed ? `no, ${rules[k].failed} of ${rules[k].passed + rules[k].failed} failed` : "yes",
      ]),
      [],
    ),
    ...parts.flatMap((part) => {
      const rooms = roomsOf(part);
      const rows = [...rooms].sort(([a], [b]) => a.localeCompare(b)).map(([name, paths]) => row(name, paths, reached));
      return [
        "",
        `## ${part.title}`,
        "",
        ...table(head, [...rows, row("**all**", [...rooms.values()].flat(), reached)], [1, 2, 4, 5]),
      ];
    }),
    "",
    missing.length ? `Lines reached by the unit tests of ${missing.join(", ")}: not run.\n` : "",
    "## Suites",
    "",
    ...(suites.length
      ? table(["`npm test …`", "runs", "passed", "failed", "skipped", "seconds", "on"], suites, [2, 3, 4, 5])
      : ["Not run."]),
  ];
  writeFileSync(
    join(root, "docs/health.md"),
    `${page
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trimEnd()}\n`,
  );
  console.log("docs/health.md");
  process.exit([...counted, ...rules].some(({ failed }) => failed > 0) ? 1 : 0);
}
