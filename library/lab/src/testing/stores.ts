import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Writes the files of a store below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/** Makes an SQLite file by statements. */
export function writeSqlite(path: string, statements: readonly string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(`begin;\n${statements.join("\n")}\ncommit;`);
  database.close();
  return path;
}

/** A store of another program as the tests keep it. */
export function storeFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../tracking/fixtures/${name}.json`, import.meta.url), "utf8")) as T;
}
