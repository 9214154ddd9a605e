import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import { beforeAll, describe, expect, it } from "vitest";
import { IMPORT_RULES, ROOMS } from "./rooms.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Paths of the files in a folder of the repository, from its root; compiled and installed ones left out. */
function filesIn(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules") return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const sources = filesIn("src").filter((file) => file.endsWith(".ts"));
const studio = filesIn("studio").filter((file) => /\.tsx?$/.test(file));
const authored = ["src", "studio", "test", "bench", "examples", "scripts"]
  .filter((folder) => readdirSync(root).includes(folder))
  .flatMap(filesIn);

describe("imports", () => {
  let result: ICruiseResult;

  beforeAll(async () => {
    const options: ICruiseOptions = {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: [...IMPORT_RULES] },
      doNotFollow: "node_modules",
      // Type-only imports count: a reader follows them too.
      tsPreCompilationDeps: true,
      enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
    };
    const { output } = await cruise(["src", "studio"], options);
    result = output as ICruiseResult;
  }, 60_000);

  it("of every source file are seen", () => {
    expect(result.modules.map(({ source }) => source)).toEqual(expect.arrayContaining([...sources, ...studio]));
  });

  it.each(IMPORT_RULES)("$name", ({ name }) => {
    const broken = result.summary.violations.filter(({ rule }) => rule.name === name);
    const paths = broken.map(({ from, to, cycle }) => [from, ...(cycle?.map((step) => step.name) ?? [to])].join(" → "));
    expect(paths).toEqual([]);
  });

  it("lead from what a page loads to nothing of Node", () => {
    const reached = new Set(["src/browser/jumok.ts", "src/browser/studio-worker.ts", "studio/main.tsx"]);
    const ofNode: string[] = [];
    // A set that grows is walked to its end.
    for (const file of reached) {
      for (const { resolved, dependencyTypes } of result.modules.find(({ source }) => source === file)!.dependencies) {
        if (dependencyTypes.includes("type-only")) continue;
        if (dependencyTypes.includes("core")) ofNode.push(`${file} → ${resolved}`);
        else if (/^(src|studio)\//.test(resolved)) reached.add(resolved);
      }
    }
    expect(reached).toContain("src/decoding/search.ts");
    expect(ofNode).toEqual([]);
  });
});

describe("files", () => {
  it("of src are in a room that has its place in rooms.ts", () => {
    const rooms = ROOMS.flat();
    expect(sources.filter((file) => file !== "src/index.ts" && !rooms.includes(file.split("/")[1]))).toEqual([]);
  });

  it("are not called after a drawer: utils, helpers, common, types, core, base, manager", () => {
    const drawer = /(^|[/.-])(utils?|helpers?|commons?|types?|core|bases?|managers?)($|[/.-])/;
    expect(authored.filter((file) => drawer.test(file))).toEqual([]);
  });

  it("of src and the studio are named in kebab-case", () => {
    const kebab = /^[a-z0-9-]+(\.wasm|\.d)?\.tsx?$/;
    expect([...sources, ...studio].filter((file) => !kebab.test(basename(file)))).toEqual([]);
  });

  it("of src and the studio have at most 300 lines", () => {
    const lines = (file: string) =>
      readFileSync(root + file, "utf8")
        .trimEnd()
        .split("\n").length;
    const long = [...sources, ...studio].filter((file) => lines(file) > 300);
    expect(long.map((file) => `${file}: ${lines(file)} lines`)).toEqual([]);
  });

  it("have no default exports", () => {
    const code = authored.filter((file) => /\.(tsx?|mjs|js)$/.test(file));
    const defaultExport = /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m;
    expect(code.filter((file) => defaultExport.test(readFileSync(root + file, "utf8")))).toEqual([]);
  });
});
