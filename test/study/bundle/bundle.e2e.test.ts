/** A study is made again from its bundle alone, and comes out the same. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commandHere } from "../../support/command.ts";
import { removeFolder } from "../../support/folder.ts";

/** Debian's own has its packages; another may stand before it. */
const hasModule = (python: string, module: string): boolean =>
  spawnSync(python, ["-c", `import ${module}`]).status === 0;
const python = ["python3", "/usr/bin/python3"].find((program) => hasModule(program, "pandas"));

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "poncast-bundle-test-"))));
afterAll(() => removeFolder(folder));

const words = (sweep: string, out: string): string[] => {
  const options = { "--seeds": "2", "--out": out, "--jobs": "1" };
  return ["sweep", sweep, ...Object.entries(options).flat(), "--quiet"];
};

/** Where the bundle of a sweep was unpacked. */
async function bundled(file: string, name: string): Promise<string> {
  const zip = join(folder, `${name}.zip`);
  expect((await commandHere([...words(file, join(folder, `${name}-study`)), "--bundle", zip])).code).toBe(0);
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(folder, "unpacked", path)), { recursive: true });
    writeFileSync(join(folder, "unpacked", path), bytes);
  }
  return join(folder, "unpacked", name);
}

it("has all that makes it again", async () => {
  const file = join(folder, "small.yaml");
  writeFileSync(join(folder, "own.yaml"), "onts: 3\nimage: { bytes: 64KiB }\nolt: { activate: false }\n");
  writeFileSync(file, "name: small\nscenario: own.yaml\nmatrix: { loss: [0, 0.05] }\nseeds: 2\n");
  const unpacked = await bundled(file, "small");
  expect((await commandHere(words(join(unpacked, "sweep.yaml"), join(unpacked, "again")))).code).toBe(0);
  const runs = (where: string): string => readFileSync(join(unpacked, where, "runs.jsonl"), "utf8");
  expect(runs("again")).toBe(runs("results"));
  expect(readFileSync(join(unpacked, "plots", "image_copies.svg"), "utf8")).toContain('width="85mm"');
  expect(readFileSync(join(unpacked, "data", "sweep.csv"), "utf8").split("\r\n")).toHaveLength(6);
});

/** Runs the cells of the notebook one after the other, as its user would; says what each of them shows, by its last line. */
const RUN_CELLS = `
import ast, json, sys
import pandas as pd
names, can_draw = {}, sys.argv[2] == "draws"
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] != "code" or (cell["id"] == "plot" and not can_draw): continue
    tree = ast.parse("".join(cell["source"]))
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell["id"], "exec"), names)
    shown = None if last is None else eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
    print(cell["id"], type(shown).__name__, len(shown) if isinstance(shown, pd.DataFrame) else "", flush=True)
print("rows", len(names["runs"]))
if can_draw: names["ax"].get_figure().savefig(sys.argv[3])
`;

it.skipIf(python === undefined).each([
  ["one", "{ loss: [0, 0.05] }", 4, { summary: 2, pairs: 2 }],
  ["two", "{ loss: [0, 0.05], olt.windowSections: [16, 32, 64] }", 12, { summary: 6, pairs: 2 }],
  ["three", "{ loss: [0, 0.05], olt.windowSections: [16, 32], onts: [1, 2] }", 16, { summary: 8, pairs: 2 }],
])("has a notebook whose cells run, with %s varied", async (name, matrix, rows, lengths) => {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(join(folder, `${name}-own.yaml`), "onts: 1\nimage: { bytes: 16KiB }\nolt: { activate: false }\n");
  writeFileSync(file, `name: ${name}\nscenario: ${name}-own.yaml\nmatrix: ${matrix}\nseeds: 2\n`);
  const unpacked = await bundled(file, name);
  const draws = hasModule(python!, "matplotlib");
  const drawn = join(unpacked, "drawn.svg");
  const notebook = join(unpacked, "notebook.ipynb");
  const said = execFileSync(python!, ["-c", RUN_CELLS, notebook, draws ? "draws" : "reads", drawn], {
    encoding: "utf8",
    cwd: unpacked,
    env: { ...process.env, MPLBACKEND: "Agg" },
  });
  expect(said.split("\n")).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^read DataFrame/),
      `summary DataFrame ${lengths.summary}`,
      `pairs DataFrame ${lengths.pairs}`,
      `rows ${rows}`,
    ]),
  );
  if (draws) expect(readFileSync(drawn, "utf8")).toContain("</svg>");
});
