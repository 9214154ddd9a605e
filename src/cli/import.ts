import { Command } from "@commander-js/extra-typings";
import { printJson } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok import opus-mt-ko-en -o model           a Marian model of Hugging Face becomes a model folder
  jumok chat model                              and is used like one trained here

The folder needs config.json, model.safetensors, tokenizer.json and tokenizer_config.json. Nothing is fetched from the network.`;

/** `jumok import` */
export function importCommand() {
  return new Command("import")
    .description("Makes a model folder of a Marian translation model in Hugging Face's layout.")
    .argument("<marian-dir>", "the folder of a Marian model")
    .requiredOption("-o, --out <folder>", "where to write the model folder")
    .option("--overwrite", "write into a folder that is not empty")
    .option("--json", "print what was imported as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, { out, overwrite, json = false }) => {
      const { importMarian } = await import("../formats/import-marian-node.ts");
      const { checkExportFolder } = await import("../formats/export-folder-node.ts");
      const { saveModelFolder } = await import("../formats/model-folder.ts");
      const loaded = await importMarian(dir);
      await checkExportFolder(out, dir, { overwrite });
      await saveModelFolder(out, loaded, { imported: { layout: "marian", from: dir } });
      const parameters = loaded.weights.layout.count;
      if (json) printJson({ out, parameters, config: loaded.config });
      else process.stdout.write(`${out}: ${parameters.toLocaleString("en")} parameters\n`);
    });
}
