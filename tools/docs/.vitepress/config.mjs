import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const pages = fileURLToPath(new URL("../pages", import.meta.url));

/** The pages of a folder with their first heading, in the order of `index.md` where there is one that lists them. */
function listed(folder) {
  const place = join(pages, folder);
  if (!existsSync(place)) return [];
  const names = readdirSync(place).filter((name) => name.endsWith(".md") && name !== "index.md");
  const titled = names.map((name) => ({ text: titleOf(join(place, name)), link: `/${folder}/${name.replace(/\.md$/, "")}` }));
  const index = existsSync(join(place, "index.md")) ? readFileSync(join(place, "index.md"), "utf8") : "";
  const at = ({ link }) => index.indexOf(`(${link.split("/").at(-1)}.md`);
  return titled.sort((a, b) => at(a) - at(b) || a.text.localeCompare(b.text));
}

const flows = ["exoplanets", "recommenders", "workouts", "workout-features", "networks", "panels"];
const running = ["operations", "security", "reliability", "architecture"];
const others = readdirSync(pages)
  .flatMap((name) => (name.endsWith(".md") ? [name.slice(0, -3)] : []))
  .filter((name) => ![...flows, ...running, "index"].includes(name));
const titleOf = (file) => /^# (.+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? file;
const page = (link) => ({ text: titleOf(join(pages, `${link}.md`)), link: `/${link}` });
const group = (text, items) => ({ text, collapsed: true, items });

export default defineConfig({
  title: "Assay",
  description: "Machine learning in TypeScript notebooks",
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: pages,
  outDir: "../../.assay/site",
  cacheDir: "../../.assay/vitepress",
  cleanUrls: false,
  lastUpdated: false,
  metaChunk: true,
  vite: { publicDir: join(pages, "public"), build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guide", link: "/guide/" },
      { text: "Algorithms", link: "/algorithms/" },
      { text: "HTTP", link: "/http/" },
      { text: "Reference", link: "/reference/index.html", target: "_self" },
    ],
    sidebar: [
      group("Guide", [{ text: "By task", link: "/guide/" }, ...listed("guide")]),
      group("Coming from", listed("coming-from")),
      group("Flows", flows.map(page)),
      group("Running it", running.map(page)),
      group("More", others.map(page)),
      group("Algorithms", [{ text: "All", link: "/algorithms/" }, ...listed("algorithms")]),
      group("HTTP", [{ text: "All routes", link: "/http/" }, ...listed("http")]),
    ],
  },
});
