// The licences of the packages whose code is in the bundles: dist/licenses.txt goes where the bundles go.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Folder of the package that a file is part of: node_modules/name or node_modules/@scope/name, the innermost. */
function packageFolder(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? `License: ${license}` : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version}\n\n${text}\n`;
}

/**
 * @param root folder of the project
 * @param inputs files that the bundler read, from there
 */
export function licenses(root, inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const packages = Array.from(folders, (folder) => join(root, folder)).sort((one, other) => (one < other ? -1 : 1));
  const rule = `${"-".repeat(80)}\n`;
  return packages
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map(licenseOf)
    .join(rule);
}
