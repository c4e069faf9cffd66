import { type Table, table } from "assay";

/** Text that runs where a page takes it for markup: elements, handlers, addresses, broken-out attributes, clobbered names, JupyterLab's commands. */
export const markup = [
  `<script>window.__ran = 1</script>`,
  `<img src=x onerror="window.__ran = 1">`,
  `<svg onload="window.__ran = 1"></svg>`,
  `"><img src=x onerror=window.__ran=1>`,
  `'><svg/onload=window.__ran=1>`,
  `<iframe srcdoc="<script>parent.__ran = 1</script>"></iframe>`,
  `<a href="javascript:window.__ran=1">open</a>`,
  `[open](javascript:window.__ran=1)`,
  `<form><button formaction="javascript:window.__ran=1">x</button></form>`,
  `<details open ontoggle="window.__ran = 1">`,
  `<math><mtext></style><img src=x onerror=window.__ran=1></math>`,
  `</script><script>window.__ran = 1</script>`,
  `</title><script>window.__ran = 1</script>`,
  `</style><script>window.__ran = 1</script>`,
  `<button data-commandlinker-command="console:create">x</button>`,
  `<form id="jupyterapp"><input name="commands"></form>`,
  "{{constructor.constructor('window.__ran = 1')()}}",
  `<img src="http://canary.invalid/seen">`,
] as const;

/** A table whose columns, categories and text are such. */
export function poisonedTable(): Table {
  const columns = Object.fromEntries(
    markup
      .slice(0, 6)
      .map((text, j) => [text, Array.from({ length: 60 }, (_, i) => (j % 2 ? markup[i % markup.length]! : (i * (j + 3)) % 7))]),
  );
  return table({ ...columns, target: Array.from({ length: 60 }, (_, i) => markup[i % 2]!) } as never);
}
