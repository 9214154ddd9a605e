import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../formats/atomic-write.ts";
import { readLargeFile } from "../formats/large-file-node.ts";
import { decodeSafeTensors, encodeSafeTensors } from "../formats/safetensors.ts";
import { readSafeTensorsNotes } from "../formats/safetensors-notes-node.ts";
import { floats, type Value } from "../runtime/value.ts";
import type { Buffers, CheckpointStore, Progress } from "./checkpoint.ts";

/** A checkpoint belongs to another run, or is damaged. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/**
 * Checkpoints as files in a folder: `last.safetensors` (weights, moments, progress), and as weights alone `best.safetensors`
 * and `epoch-N.safetensors`.
 */
export class CheckpointFolder implements CheckpointStore {
  readonly #folder: string;
  readonly #run: string;

  /** @param run tells runs apart: whoever gives another text is refused these checkpoints */
  constructor(folder: string, run: string) {
    this.#folder = folder;
    this.#run = run;
  }

  async load(buffers: Buffers): Promise<Progress | undefined> {
    const metadata = await this.#read("last", { ...buffers });
    return metadata === undefined ? undefined : (JSON.parse(metadata.progress) as Progress);
  }

  /** Where the last checkpoint of a folder stands, of whatever run it is; `undefined` where none can be read. */
  static async progress(folder: string): Promise<Progress | undefined> {
    return readSafeTensorsNotes(join(folder, "last.safetensors")).then(
      ({ progress }) => JSON.parse(progress) as Progress,
      () => undefined,
    );
  }

  async save(progress: Progress, buffers: Buffers): Promise<void> {
    await this.#write("last", { ...buffers }, { progress: JSON.stringify(progress) });
  }

  async saveBest(step: number, weights: Float32Array): Promise<void> {
    await this.#write("best", { weights }, { step: String(step) });
  }

  async loadBest(weights: Float32Array): Promise<void> {
    await this.#readWeights("best", weights);
  }

  async saveEpoch(epoch: number, weights: Float32Array, oldest: number): Promise<void> {
    await this.#write(`epoch-${epoch}`, { weights }, {});
    for (const file of await readdir(this.#folder)) {
      const [, known] = /^epoch-(\d+)\.safetensors$/.exec(file) ?? [];
      if (known !== undefined && Number(known) < oldest) await rm(join(this.#folder, file), { force: true });
    }
  }

  async loadEpoch(epoch: number, weights: Float32Array): Promise<void> {
    await this.#readWeights(`epoch-${epoch}`, weights);
  }

  /** Removes all checkpoints. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #readWeights(name: string, weights: Float32Array): Promise<void> {
    if ((await this.#read(name, { weights })) !== undefined) return;
    throw new CheckpointError(
      `${this.#path(name)}: is not there, although the run has come past it; start anew with the option overwrite`,
    );
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.safetensors`);
  }

  async #write(name: string, buffers: Record<string, Float32Array>, metadata: Record<string, string>): Promise<void> {
    const tensors = new Map<string, Value>(
      Object.entries(buffers).map(([key, data]) => [key, floats([data.length], data)]),
    );
    await writeAtomically(this.#path(name), encodeSafeTensors(tensors, { run: this.#run, ...metadata }));
  }

  /** Fills the buffers from a file and returns its notes; `undefined` where there is no file. */
  async #read(name: string, buffers: Record<string, Float32Array>): Promise<Record<string, string> | undefined> {
    const file = this.#path(name);
    const bytes = await readLargeFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw new CheckpointError(`${file}: cannot be read (${error.message})`, { cause: error });
    });
    if (bytes === undefined) return undefined;
    const { tensors, metadata } = decodeSafeTensors(bytes, file);
    if (metadata.run !== this.#run) {
      throw new CheckpointError(
        `${file}: is of a run with other data or options; give those of that run, or start anew with the option overwrite`,
      );
    }
    for (const [key, buffer] of Object.entries(buffers)) {
      const tensor = tensors.get(key);
      if (tensor?.data.length !== buffer.length) throw new CheckpointError(`${file}: ${key} does not fit this model`);
      buffer.set(tensor.data as Float32Array);
    }
    return metadata;
  }
}
