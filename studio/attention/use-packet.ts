import { useEffect, useState } from "react";
import type { Kind } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import { isGone } from "../backend/backend-error.ts";
import type { ExactHeads } from "./maps.ts";
import { type AttentionPacket, decodePacket } from "./packet.ts";

export type LoadedPacket =
  | { readonly state: "working" }
  | { readonly state: "ready"; readonly packet: AttentionPacket }
  | { readonly state: "failed"; readonly error: unknown };

/** The overview of a kind of attention; `lost` is called when the server does not keep it any longer. */
export function usePacket(att: string | undefined, kind: Kind | undefined, lost: () => void): LoadedPacket {
  const { backend, there } = useStudio();
  const [loaded, setLoaded] = useState<{ att: string; kind: Kind; as: LoadedPacket }>();
  const own = loaded?.att === att && loaded?.kind === kind ? loaded?.as : undefined;
  const wanted = att !== undefined && kind !== undefined && own?.state !== "ready";
  useEffect(() => {
    if (!wanted || !there) return;
    const life = new AbortController();
    const tell = (as: LoadedPacket) => setLoaded({ att, kind, as });
    backend.attention(att, kind, life.signal).then(
      (file) => tell(decoded(file)),
      (error) => {
        if (life.signal.aborted) return;
        if (isGone(error)) lost();
        else tell({ state: "failed", error });
      },
    );
    return () => life.abort();
  }, [backend, there, wanted, att, kind, lost]);
  return own ?? { state: "working" };
}

function decoded(file: ArrayBuffer): LoadedPacket {
  try {
    return { state: "ready", packet: decodePacket(file) };
  } catch (error) {
    return { state: "failed", error };
  }
}

/** A head of a kind of attention. */
export interface WantedHead {
  readonly kind: Kind;
  readonly layer: number;
  readonly head: number;
}

/** The exact weights of heads that are wanted, as they come; `lost` as of {@link usePacket}. */
export function useExactHeads(
  att: string | undefined,
  wanted: readonly WantedHead[],
  lost: () => void,
): { readonly of: (kind: Kind) => ExactHeads; readonly failed: boolean; readonly count: number } {
  const { backend, there } = useStudio();
  const [held, setHeld] = useState<{ att: string | undefined; heads: ReadonlyMap<string, Float32Array> }>(NOTHING);
  const heads = held.att === att ? held.heads : NOTHING.heads;
  const missing = wanted.map(nameOf).filter((name) => !heads.has(name));
  const list = missing.join(" ");
  const [failed, setFailed] = useState<string>();
  useEffect(() => {
    if (att === undefined || list === "" || !there) return;
    const life = new AbortController();
    const names = list.split(" ");
    Promise.all(
      names.map(async (name) => {
        const [kind, layer, head] = name.split("/");
        return [name, await backend.head(att, kind as Kind, Number(layer), Number(head), life.signal)] as const;
      }),
    ).then(
      (came) => setHeld((before) => ({ att, heads: new Map([...(before.att === att ? before.heads : []), ...came]) })),
      (error) => {
        if (life.signal.aborted) return;
        if (isGone(error)) lost();
        // The weights of the overview stay in their place.
        else setFailed(list);
      },
    );
    return () => life.abort();
  }, [backend, there, att, list, lost]);
  return {
    of: (kind) => (layer, head) => heads.get(nameOf({ kind, layer, head })),
    failed: list !== "" && failed === list,
    count: heads.size,
  };
}

const NOTHING = { att: undefined, heads: new Map<string, Float32Array>() };

function nameOf({ kind, layer, head }: WantedHead): string {
  return `${kind}/${layer}/${head}`;
}
