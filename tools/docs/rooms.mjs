// The rooms as .dependency-cruiser.cjs orders them, and as the page of the architecture lists them.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../setup.mjs";

/** Lines of the order of a source folder but its last, which may import every room: each the rooms that stand on it. */
export function orderedRooms(source) {
  const { forbidden } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs");
  return forbidden
    .filter(({ name }) => name.startsWith(`${source}: `))
    .map(({ from }) => /\(([^)]*)\)/.exec(from.path)[1].split("|"));
}

/** Lines of the page's table of a package: each the rooms that stand in its first cell. */
export function describedRooms(section) {
  const text = readFileSync(join(root, "docs/architecture.md"), "utf8").split(`### Of \`${section}\``)[1].split(/^#/m)[0];
  return [...text.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, room]) => room));
}

/** Folders of a source folder. */
export function roomFolders(source) {
  const entries = readdirSync(join(root, source), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
