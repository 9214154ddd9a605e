import { CommanderError } from "@commander-js/extra-typings";

/** The command was used wrongly; the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What to tell of an error, and the exit code it gives. */
export interface Failure {
  /** One sentence without line breaks; `undefined` where help or a version was shown and nothing is to be told. */
  readonly message: string | undefined;
  readonly code: number;
  readonly stack?: string;
}

const FAILED = 1;
const WRONG_USE = 2;

/** Errors by name that say that the command was used wrongly. */
const OF_USE = new Set(["UsageError", "OptionsError", "SearchOptionsError"]);

/** What systems call errors of files, in words. */
export const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "is a folder, not a file",
  EEXIST: "is there already",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
};

/** @param help the command line that shows the right help */
export function failureOf(error: unknown, help: string): Failure {
  if (error instanceof CommanderError) return commanderFailure(error, help);
  if (!(error instanceof Error)) return { message: oneLine(String(error)), code: FAILED };
  const { stack } = error;
  const code = OF_USE.has(error.name) ? WRONG_USE : FAILED;
  return { message: oneLine(fileSentence(error) ?? error.message) || error.name, code, stack };
}

/** An error of the file system as a sentence that names the path. */
function fileSentence({ code, path, syscall, message }: NodeJS.ErrnoException): string | undefined {
  const sentence = code === undefined || syscall === undefined ? undefined : FILE_ERRORS[code];
  if (sentence === undefined) return undefined;
  return path === undefined ? `${sentence} (${message})` : `${path}: ${sentence}`;
}

function commanderFailure({ exitCode, code, message, stack }: CommanderError, help: string): Failure {
  if (exitCode === 0) return { message: undefined, code: 0 };
  // Without a command, help was shown instead of a message.
  if (code === "commander.help") return { message: undefined, code: WRONG_USE };
  return { message: `${oneLine(message.replace(/^error: /, ""))}; see ${help}`, code: WRONG_USE, stack };
}

function oneLine(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join(" ")
    .replace(/\.(?=; see )|\.$/, "");
}
