// Links of Markdown pages that lead nowhere: files that are not there, headings that no page has. What lies outside the repository is not asked.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import { root } from "../setup.mjs";

/** Every Markdown file of the repository. */
export function markdownFiles() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed
    .trim()
    .split("\n")
    .filter((path) => existsSync(join(root, path)));
}

/** The dead links of a page, each with its line: `docs/a.md:12: b.md#c`. */
export function deadLinks(path) {
  return textLines(path).flatMap(({ text, number }) =>
    [...text.matchAll(/(?<!\\)\]\(([^()\s]+)\)/g), ...text.matchAll(/^\[[^\]]+\]: (\S+)/g)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && isDead(path, target))
      .map((target) => `${path}:${number}: ${target}`),
  );
}

/** Lines of a page that the site would take for markup or for an expression, each with its place. */
export function markedUpLines(path) {
  return textLines(path)
    .filter(({ text }) => /\{\{|<[a-z/!]/i.test(text))
    .map(({ text, number }) => `${path}:${number}: ${text}`);
}

function isDead(path, target) {
  const [file, anchor] = target.split("#");
  const place = file === "" ? path : normalize(join(dirname(path), decodeURIComponent(file)));
  if (!existsSync(join(root, place))) return true;
  return anchor !== undefined && place.endsWith(".md") && !anchors(place).has(decodeURIComponent(anchor));
}

/** The anchors of a page's headings, as GitHub and the site make them. */
function anchors(path) {
  const seen = new Map();
  return new Set(
    textLines(path).flatMap(({ text }) => {
      const heading = /^#{1,6} +(.+?) *#*$/.exec(text)?.[1];
      if (heading === undefined) return [];
      const slug = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return [times === 0 ? slug : `${slug}-${times}`];
    }),
  );
}

/** The lines that are no code, with their numbers. */
function textLines(path) {
  let fence = "";
  return readFileSync(resolve(root, path), "utf8")
    .split("\n")
    .flatMap((line, k) => {
      const mark = /^ *(```+|~~~+)/.exec(line)?.[1];
      if (fence !== "") {
        if (mark?.startsWith(fence)) fence = "";
        return [];
      }
      if (mark) fence = mark;
      return mark ? [] : [{ text: line.replaceAll(/`[^`]*`/g, "``"), number: k + 1 }];
    });
}
