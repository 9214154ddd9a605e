/** A word as a shell reads it. */
export function quoted(word: string): string {
  return /^[\p{L}\p{N}_./:=,@%+-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line that was given, to be run again: without `--overwrite`, which would begin anew. */
export function sameCommand(argv: readonly string[] = process.argv.slice(2)): string {
  return ["jumok", ...argv.filter((word) => word !== "--overwrite").map(quoted)].join(" ");
}
