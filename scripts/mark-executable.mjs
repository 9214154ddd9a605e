// Makes the commands that package.json names executable, which tsc does not; fails if one is not there or is no script.
import { chmodSync, readFileSync } from "node:fs";

const { bin } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
for (const [command, file] of Object.entries(bin)) {
  const url = new URL(`../${file}`, import.meta.url);
  if (!readFileSync(url, "utf8").startsWith("#!/usr/bin/env node\n")) {
    throw new Error(`${file} (the command ${command}): the first line should be #!/usr/bin/env node`);
  }
  chmodSync(url, 0o755);
}
