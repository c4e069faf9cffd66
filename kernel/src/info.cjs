"use strict";
// What the kernel says of itself.
const { version } = require("../package.json");
const { protocolVersion } = require("./wire.cjs");

/**
 * The content of kernel_info_reply.
 * @param {string} typescriptVersion the version that checks cells
 */
function kernelInfo(typescriptVersion) {
  const [major] = process.versions.node.split(".");
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "assay-kernel",
    implementation_version: version,
    banner: `Assay ${version}: TypeScript ${typescriptVersion} on Node ${process.versions.node}`,
    help_links: [
      { text: "TypeScript Handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      { text: "Node.js", url: `https://nodejs.org/docs/latest-v${major}.x/api/` },
    ],
    supported_features: [],
    language_info: {
      name: "typescript",
      version: typescriptVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // the notebook's editor goes by name, JupyterLab's by mode
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
  };
}

module.exports = { kernelInfo };
