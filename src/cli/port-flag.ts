import { InvalidArgumentError, Option } from "@commander-js/extra-typings";

/** The port of a server where none is named. */
export const USUAL_PORT = 8017;

/** Where a server listens. */
export function portFlag() {
  return new Option("--port <n>", `port of the server, 0 for any that is free; ${USUAL_PORT} if not given`).argParser(
    port,
  );
}

function port(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}
