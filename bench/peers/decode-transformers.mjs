// Greedy decoding by transformers.js of a model in Hugging Face's layout, from disk, in ONNX Runtime's native library.
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { takeTurns } from "./turns.mjs";

await takeTurns("transformers", async ({ model: folder, turns: file, dtype, threads }) => {
  const { AutoModelForSeq2SeqLM, env, Tensor } = await import("@huggingface/transformers");
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(folder)}/`;
  const session_options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
  const model = await AutoModelForSeq2SeqLM.from_pretrained(basename(folder), { dtype, session_options });
  const { pad_token_id: pad, eos_token_id: end } = model.config;
  const turns = JSON.parse(readFileSync(file, "utf8")).map((batches) => batches.map(inputsOf));

  /** Token ids and which of them are real, as the tokenizer of transformers.js would give them. */
  function inputsOf(rows) {
    const length = Math.max(...rows.map((row) => row.length));
    const filled = (value) => {
      const cells = rows.flatMap((row) => Array.from({ length }, (_, i) => BigInt(value(row, i))));
      return new Tensor("int64", BigInt64Array.from(cells), [rows.length, length]);
    };
    return {
      input_ids: filled((row, i) => row[i] ?? pad),
      attention_mask: filled((row, i) => (i < row.length ? 1 : 0)),
    };
  }

  /** Token ids without the start and the end. */
  function idsOf([, ...row]) {
    const ids = row.map(Number);
    return ids.includes(end) ? ids.slice(0, ids.indexOf(end)) : ids;
  }

  return {
    version: env.version,
    dtype,
    threads,
    turn: async (number) => {
      const written = [];
      const [start, before] = [performance.now(), process.cpuUsage()];
      for (const inputs of turns[number]) written.push(await model.generate(inputs));
      const { user, system } = process.cpuUsage(before);
      return {
        secondsPerStep: [(performance.now() - start) / 1000],
        processorSeconds: (user + system) / 1e6,
        answers: written.flatMap((tensor) => tensor.tolist().map(idsOf)),
      };
    },
  };
});
