import { MODEL_FILES, type ModelFiles, ModelFolderError, messageOf } from "../formats/loaded-model.ts";
import { fetchBytes } from "./fetched-bytes.ts";

interface FetchedFilesOptions {
  /** Which files will be read. Default: those of a model. */
  readonly names?: readonly string[];
  /** Told how many bytes each piece has that comes. */
  readonly onBytes?: (bytes: number) => void;
}

/** A model folder on a web server. All its files are asked for at once. */
export class FetchedFiles implements ModelFiles {
  readonly folder: string;
  readonly #files: ReadonlyMap<string, Promise<Uint8Array>>;

  /** @param folder absolute, or relative to the page */
  constructor(folder: string | URL, { names = Object.values(MODEL_FILES), onBytes }: FetchedFilesOptions = {}) {
    const base = globalThis.document?.baseURI ?? globalThis.location.href;
    this.folder = new URL(String(folder).replace(/\/?$/, "/"), base).href;
    this.#files = new Map(names.map((name) => [name, fetchBytes(this.pathOf(name), onBytes)]));
    // What fails is told by the one who reads it.
    for (const file of this.#files.values()) file.catch(() => {});
  }

  pathOf(name: string): string {
    return this.folder + name;
  }

  async json(name: string): Promise<unknown> {
    const text = new TextDecoder().decode(await this.bytes(name));
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new ModelFolderError(`${this.pathOf(name)}: is not JSON (${messageOf(error)})`, { cause: error });
    }
  }

  bytes(name: string): Promise<Uint8Array> {
    return this.#files.get(name)!;
  }
}
