// What a user of a JupyterHub costs: tools/jupyterhub.mjs asks a real hub with a third user.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { node24, root, run } from "../setup.mjs";

/** Lines of memory; says that they are skipped where jupyterhub is not on PATH. */
export async function benchHub({ line }) {
  const { PATH } = process.env;
  const { code, out } =
    spawnSync("jupyterhub", ["--version"]).status === 0
      ? await run(node24(), [join(root, "tools/jupyterhub.mjs"), "--memory"], { env: { PATH } })
      : { code: 0, out: "" };
  if (code !== 0) throw new Error(`scaling: the JupyterHub failed: ${out.slice(-3000)}`);
  const told = /^memory in MB: (.*)$/m.exec(out)?.[1];
  if (!told) return console.log("skipped: memory of JupyterHub's users: jupyterhub or configurable-http-proxy is not on PATH");
  const { server, relay, kernel, hub, proxy, service } = JSON.parse(told);
  line(
    "memory of a JupyterHub's user who is signed in",
    `${server + relay} MB`,
    "–",
    `Jupyter server ${server} MB, relay to the service ${relay} MB`,
  );
  line(
    "the same with a kernel in which a model was fitted",
    `${server + relay + kernel} MB`,
    "–",
    `kernel ${kernel} MB; once for all: hub ${hub} MB, proxy ${proxy} MB, service ${service} MB`,
  );
}
