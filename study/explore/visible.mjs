// Makes the state of a module visible: private fields become fields with a name, and what a function has captured can be asked.
// The explorer's bundle is made with it, so that a digest sees all of a core; no other bundle is.
import { parse } from "acorn";
import { analyze } from "eslint-scope";
import MagicString from "magic-string";

/** Modules whose objects a state is made of. What else a state leads to has to be a constant, or the digest throws. */
export const VISIBLE =
  /[\\/](?:(?:olt[\\/]core|ont[\\/]core|omci|base[\\/]stretches|base[\\/]clock|study[\\/]explore)[\\/][\w-]+|run[\\/]virtual[\\/](?:virtual-ont|virtual-flash|slot-content))\.ts$/;

const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration"]);

/** Calls `visit` for a node and all below it. */
function walk(node, visit, parent = null) {
  if (visit(node, parent) === false) return;
  for (const key in node) {
    const value = node[key];
    for (const each of Array.isArray(value) ? value : [value]) if (each?.type) walk(each, visit, node);
  }
}

/** Whether an arrow function speaks of the `this` around it. */
function usesThis(arrow) {
  let found = false;
  const look = (node) => {
    if (node.type === "ThisExpression") found = true;
    return node === arrow || !FUNCTIONS.has(node.type) || node.type === "ArrowFunctionExpression";
  };
  walk(arrow, look);
  return found;
}

/** Names of the functions around that a function makes use of. */
function capturesOf(scopes, node) {
  const scope = scopes.acquire(node, true);
  const names = new Set();
  for (const { resolved } of scope.through)
    if (resolved !== null && !["module", "global"].includes(resolved.scope.type)) names.add(resolved.name);
  return [...names];
}

/**
 * @param code JavaScript of one module
 * @param file its name, which the names of its functions and classes begin with
 */
export function makeVisible(code, file) {
  const ast = parse(code, { ecmaVersion: 2023, sourceType: "module", ranges: true });
  const scopes = analyze(ast, { ecmaVersion: 2022, sourceType: "module" });
  const text = new MagicString(code);
  const methods = new Set();
  let functions = 0;
  walk(ast, (node, parent) => {
    if (node.type === "PrivateIdentifier") text.overwrite(node.start, node.end, `$${node.name}`);
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression")
      text.appendRight(node.body.start + 1, ` static $visible = ${JSON.stringify(`${file}:${node.id?.name}`)};`);
    if (node.type === "MethodDefinition") methods.add(node.value);
    if (!FUNCTIONS.has(node.type) || methods.has(node)) return;
    const names = capturesOf(scopes, node);
    const isPlain = parent.type === "Property" && (parent.method || parent.kind !== "init");
    if (node.type === "FunctionDeclaration" || isPlain) {
      // These cannot be wrapped where they stand. Without captures they are like a method.
      if (names.length > 0)
        throw new Error(`${file}: a function that captures ${names.join(", ")} has to be an arrow function`);
      return;
    }
    if (node.type === "ArrowFunctionExpression" && usesThis(node)) names.unshift("$this: this");
    const site = JSON.stringify(`${file}#${functions++}`);
    text.appendRight(node.start, "$visible(");
    text.prependLeft(node.end, `, ${site}${names.length > 0 ? `, () => ({ ${names.join(", ")} })` : ""})`);
  });
  return text.toString();
}

/** What `$visible` is in such a module: it stands at the beginning of the bundle. */
export const VISIBLE_PRELUDE = `
globalThis.$visible = (made, site, captured) => { made.$site = site; if (captured) made.$captured = captured; return made; };
const $visible = globalThis.$visible;
`;
