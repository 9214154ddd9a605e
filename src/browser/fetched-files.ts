import { MODEL_FILES, type ModelFiles, ModelFolderError, messageOf } from "../formats/loaded-model.ts";

/** A model folder on a web server. All its files are asked for at once. */
export class FetchedFiles implements ModelFiles {
  readonly folder: string;
  readonly #files: ReadonlyMap<string, Promise<Response>>;

  /** @param folder absolute, or relative to the page */
  constructor(folder: string | URL, names: readonly string[] = Object.values(MODEL_FILES)) {
    const base = globalThis.document?.baseURI ?? globalThis.location.href;
    this.folder = new URL(String(folder).replace(/\/?$/, "/"), base).href;
    this.#files = new Map(names.map((name) => [name, fetchFile(this.pathOf(name))]));
    // What fails is told by the one who reads it.
    for (const file of this.#files.values()) file.catch(() => {});
  }

  pathOf(name: string): string {
    return this.folder + name;
  }

  async json(name: string): Promise<unknown> {
    const text = await this.#read(name, (response) => response.text());
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new ModelFolderError(`${this.pathOf(name)}: is not JSON (${messageOf(error)})`, { cause: error });
    }
  }

  async bytes(name: string): Promise<Uint8Array> {
    return this.#read(name, async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  async #read<T>(name: string, read: (response: Response) => Promise<T>): Promise<T> {
    const response = await this.#files.get(name)!;
    return read(response).catch((error: unknown) => {
      throw new ModelFolderError(`${this.pathOf(name)}: broke off while it was loaded (${messageOf(error)})`);
    });
  }
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new ModelFolderError(`${url}: cannot be fetched (${messageOf(error)}); is the page opened by a web server?`);
  });
  if (response.ok) return response;
  throw new ModelFolderError(`${url}: the server says ${response.status}; is this the folder of a model?`);
}
