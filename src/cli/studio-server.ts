import { basename, resolve } from "node:path";
import { USUAL_LIMITS } from "../server/limits.ts";
import { plainPage } from "../server/page.ts";
import { type RunningServer, type ServerOptions, startServer } from "../server/serve.ts";
import { studioPage } from "../server/studio-page.ts";
import { tell } from "./output.ts";
import { USUAL_PORT } from "./port-flag.ts";

/** Whether the page of the studio was built. */
export async function hasStudioPage(): Promise<boolean> {
  return (await studioPage()) !== undefined;
}

/**
 * Opens the studio for this machine only, on the usual port or, where that is taken and none was named, on any.
 *
 * @throws {ListenError} when the port that was named is taken
 */
export async function openStudioServer({
  folder,
  port,
  device,
  training,
}: Pick<ServerOptions, "folder" | "device" | "training"> & { readonly port?: number }): Promise<RunningServer> {
  const options: ServerOptions = {
    folder,
    name: basename(resolve(folder)),
    host: "127.0.0.1",
    port: port ?? USUAL_PORT,
    origins: [],
    device,
    // Somebody looks at it: one answer at a time.
    workers: 1,
    threads: 1,
    limits: USUAL_LIMITS,
    page: (await studioPage()) ?? plainPage,
    training,
    tell: (event) => {
      if (event.type === "error")
        tell(`jumok: ${process.env.JUMOK_DEBUG ? (event.stack ?? event.message) : event.message}`);
    },
  };
  try {
    return await startServer(options);
  } catch (error) {
    const taken = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === "EADDRINUSE";
    if (port !== undefined || !taken) throw error;
    return startServer({ ...options, port: 0 });
  }
}
