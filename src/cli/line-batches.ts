import { StringDecoder } from "node:string_decoder";

/**
 * The lines of a stream as they come, several at once where several have come. The next are read when the last were
 * dealt with, so a long stream takes no more memory than a short one.
 *
 * @param most lines that are given at once
 */
export async function* lineBatches(input: NodeJS.ReadableStream, most: number): AsyncGenerator<string[], void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of input) {
    const text = typeof chunk === "string" ? chunk : decoder.write(chunk);
    if (!text.includes("\n")) {
      rest += text;
      continue;
    }
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (let i = 0; i < lines.length; i += most) yield lines.slice(i, i + most).map(withoutReturn);
  }
  rest += decoder.end();
  if (rest !== "") yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
