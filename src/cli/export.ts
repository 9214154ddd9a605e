import { Command, Option } from "@commander-js/extra-typings";
import { printJson } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok export model --to huggingface -o out                    a folder that transformers.js runs as it is
  jumok export model --to huggingface -o out --quantize int8    with files for dtype "q8" beside the whole ones
  jumok export model --to onnx -o out                           plain ONNX files, with a README of inputs and outputs
  jumok export model --to onnx -o out --quantize fp16           weights in half precision
  jumok export model --to browser -o out --quantize int8        a page that answers by itself, from any server of static files

int8 stores weights in a quarter of the size, with a scale a channel, and computes with integers; fp16 stores them in half the
size. In a browser both are computed with in single precision. The README.md in the folder tells how the export is used, and
what its layout cannot say.`;

/** What makes the files of each layout. */
const LAYOUTS = {
  huggingface: async () => (await import("../formats/huggingface.ts")).huggingFaceFiles,
  onnx: async () => (await import("../formats/onnx-export.ts")).onnxFiles,
  browser: async () => (await import("../browser/page-files-node.ts")).pageFiles,
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
      const filesOf = await LAYOUTS[to]();
      const loaded = await loadModelFolder(dir);
      await checkExportFolder(out, dir, { overwrite });
      const files = await filesOf(loaded, { compression: quantize });
      for (const { path, bytes } of await writeExport(out, files)) {
        if (json) printJson({ path, bytes });
        else process.stdout.write(`${path}\t${bytes}\n`);
      }
    });
}
