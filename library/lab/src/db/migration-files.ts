import { existsSync, readdirSync, readFileSync } from "node:fs";
import { StoreError } from "assay";

/** One numbered step of the schema. */
export interface MigrationFile {
  readonly name: string;
  readonly text: string;
}

/** Everything that the migrations name in the schema `public`; what else lies there is somebody else's. */
interface OwnObjects {
  readonly tables: readonly string[];
  readonly functions: readonly string[];
  readonly types: readonly string[];
  readonly sequences: readonly string[];
}

/** The migrations of this release, oldest first. Throws StoreError where they are not beside the program. */
export function migrationFiles(): readonly MigrationFile[] {
  const folder = ["./migrations/", "../migrations/"].map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (!folder) throw new StoreError("database: the migrations are not beside the program");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
}

/** What migrations create, read off their text. */
export function ownObjects(files: readonly MigrationFile[]): OwnObjects {
  const text = files.map((file) => file.text.replaceAll(/--.*$/gm, "")).join("\n");
  const named = (kind: string): string[] => [
    ...new Set(
      [
        ...text.matchAll(
          new RegExp(`\\bcreate\\s+(?:or\\s+replace\\s+)?(?:unlogged\\s+)?${kind}\\s+(?:if\\s+not\\s+exists\\s+)?(\\w+)`, "gi"),
        ),
      ].map(([, name]) => name!.toLowerCase()),
    ),
  ];
  return { tables: named("table"), functions: named("function"), types: named("type"), sequences: named("sequence") };
}
