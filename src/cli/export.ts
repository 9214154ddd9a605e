import { basename, resolve } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import type { ExportOptions } from "../formats/export-model.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import { printJson } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok export model --to huggingface -o out                    a folder that transformers.js runs as it is
  jumok export model --to huggingface -o out --quantize int8    with files for dtype "q8" beside the whole ones
  jumok export model --to onnx -o out                           plain ONNX files, with a README of inputs and outputs
  jumok export model --to onnx -o out --quantize fp16           weights in half precision
  jumok export model --to browser -o out --quantize int8        the studio, its model running in the page, for any server of files

int8 stores weights in a quarter of the size, with a scale a channel, and computes with integers; fp16 stores them in half the
size. In a browser both are computed with in single precision. The README.md in the folder tells how the export is used, and
what its layout cannot say.`;

/** What makes the files of each layout. */
const LAYOUTS = {
  huggingface: async () => (await import("../formats/huggingface.ts")).huggingFaceFiles,
  onnx: async () => (await import("../formats/onnx-export.ts")).onnxFiles,
  browser: async (dir: string) => {
    const [{ pageFiles }, { modelTask }, { recordedRun }] = await Promise.all([
      import("../browser/page-files-node.ts"),
      import("../formats/model-task.ts"),
      import("../server/recorded-run.ts"),
    ]);
    return async (loaded: LoadedModel, options: ExportOptions) => {
      const [task, recorded] = await Promise.all([modelTask(dir, loaded), recordedRun(dir)]);
      return pageFiles(loaded, { ...options, name: basename(resolve(dir)), task, recorded });
    };
  },
};

/** `jumok export` */
export function exportCommand() {
  return new Command("export")
    .description("Writes a trained model for other programs.")
    .argument("<dir>", "the folder of a trained model")
    .addOption(
      new Option("--to <layout>", "Hugging Face's folder, plain ONNX files, or a page for browsers")
        .choices(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])
        .makeOptionMandatory(),
    )
    .requiredOption("-o, --out <folder>", "where to write")
    .addOption(new Option("--quantize <how>", "store weights smaller").choices(["int8", "fp16"] as const))
    .option("--overwrite", "write into a folder that is not empty")
    .option("--json", "print the files as JSON, one a line")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, { to, out, quantize, overwrite, json = false }) => {
      const { loadModelFolder } = await import("../formats/model-folder.ts");
      const { checkExportFolder, writeExport } = await import("../formats/export-folder-node.ts");
      const filesOf = await LAYOUTS[to](dir);
      const loaded = await loadModelFolder(dir);
      await checkExportFolder(out, dir, { overwrite });
      const files = await filesOf(loaded, { compression: quantize });
      for (const { path, bytes } of await writeExport(out, files)) {
        if (json) printJson({ path, bytes });
        else process.stdout.write(`${path}\t${bytes}\n`);
      }
    });
}
