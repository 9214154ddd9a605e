import { ModelFolderError, messageOf } from "../formats/loaded-model.ts";

/**
 * Loads a file from a web server.
 *
 * @param onBytes told how many bytes each piece has that comes
 * @throws {ModelFolderError} when it cannot be loaded
 */
export async function fetchBytes(url: string, onBytes?: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new ModelFolderError(`${url}: cannot be fetched (${messageOf(error)}); is the page opened by a web server?`);
  });
  if (!response.ok) {
    throw new ModelFolderError(
      `${url}: the server says ${response.status}; is this the right folder, and is it whole?`,
    );
  }
  try {
    return await whole(response, onBytes);
  } catch (error) {
    throw new ModelFolderError(`${url}: broke off while it was loaded (${messageOf(error)})`);
  }
}

async function whole(response: Response, onBytes?: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  if (!onBytes || !response.body) return new Uint8Array(await response.arrayBuffer());
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    onBytes(value.length);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
