import type { IConfiguration } from "dependency-cruiser";

/** The folders of src from the lowest upward: a room imports itself and rooms of the lines above it, nothing else. */
export const ROOMS: readonly (readonly string[])[] = [
  ["graph", "text", "random", "charts"],
  ["onnx", "data", "metrics"],
  ["nn"],
  ["runtime"],
  ["optim", "models"],
  ["formats", "decoding"],
  ["explain"],
  ["studio"],
  ["browser"],
  ["training"],
  ["server"],
  ["cli"],
];

/** Files that may import `node:`. What a browser loads reaches none of them. */
const NODE_FILES = [
  "^src/(cli|server|data)/",
  "^src/runtime/(node|.+-node)\\.ts$",
  "^src/browser/.+-node\\.ts$",
  "^src/formats/(.+-node|model-folder|atomic-write)\\.ts$",
  "^src/training/(checkpoint[^/]*|history-folder|run|replica-thread|replicas|compare)\\.ts$",
];

export type Rule = NonNullable<IConfiguration["forbidden"]>[number] & { name: string };

export const IMPORT_RULES: readonly Rule[] = [
  ...ROOMS.flatMap((rooms, level) =>
    rooms.map((room): Rule => {
      const below = ROOMS.slice(0, level).flat();
      return {
        name: `${room} imports only rooms below it`,
        from: { path: `^src/${room}/` },
        to: { path: "^src/", pathNot: `^src/(${[...below, room].join("|")})/` },
      };
    }),
  ),
  {
    name: "src imports nothing outside src",
    from: { path: "^src/" },
    to: { dependencyTypes: ["local"], pathNot: "^src/" },
  },
  {
    name: "index.ts imports no command",
    from: { path: "^src/index\\.ts$" },
    to: { path: "^src/cli/" },
  },
  { name: "no import cycles", from: {}, to: { circular: true } },
  { name: "every import is found", from: {}, to: { couldNotResolve: true } },
  {
    name: "node: imports only in NODE_FILES",
    from: { path: "^src/", pathNot: NODE_FILES },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "ONNX Runtime only in runtime",
    from: { path: "^src/", pathNot: "^src/runtime/" },
    to: { path: "(^|/)onnxruntime-" },
  },
  {
    name: "@huggingface/tokenizers only in text",
    from: { path: "^src/", pathNot: "^src/text/" },
    to: { path: "(^|/)@huggingface/tokenizers" },
  },
  {
    name: "the page of the studio imports of src what any page can run",
    from: { path: "^studio/" },
    to: {
      path: "^src/",
      pathNot: "^src/((studio|explain|charts|text|decoding|browser|random)/|(optim/schedule|nn/positions)\\.ts$)",
    },
  },
  {
    name: "src imports no development dependency",
    from: { path: "^src/" },
    to: { dependencyTypes: ["npm-dev", "npm-no-pkg"], dependencyTypesNot: ["type-only"] },
  },
];
