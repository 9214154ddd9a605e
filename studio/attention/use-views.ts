import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "../app/studio-context.tsx";
import { type LookedAt, type Views, viewsOf, wantedHeads } from "./looked-at.ts";
import { kindOf, mapsOf, type SpecialNames } from "./maps.ts";
import type { AttentionPacket } from "./packet.ts";
import { useExactHeads, usePacket } from "./use-packet.ts";

interface Wanted {
  readonly packet: AttentionPacket;
  readonly att: string;
  readonly looked: LookedAt;
  readonly again: () => void;
}

interface Shown extends Views {
  readonly names: SpecialNames;
  /** Whether the exact weights could not be had. */
  readonly rounded: boolean;
}

/** The maps of what is looked at: at first from the overview, to about 0.003, then from the exact weights. */
export function useViews({ packet, att, looked, again }: Wanted): Shown {
  const { model } = useModel();
  const names = useSpecialNames();
  const rolls = looked.kind === "cross" && looked.aggregate === "roll";
  const encoder = usePacket(rolls ? att : undefined, "enc", again);
  const enc = rolls && encoder.state === "ready" ? encoder.packet : undefined;
  // Until the encoder is there, a rollout of cross-attention is shown as the mean that it begins with.
  const made = useMemo(
    (): LookedAt => (rolls && !enc ? { ...looked, aggregate: "mean", others: [] } : looked),
    [looked, rolls, enc],
  );
  const exact = useExactHeads(att, wantedHeads(made, packet, enc?.header.layers ?? 0), again);
  const { task } = model;
  // biome-ignore lint/correctness/useExhaustiveDependencies: exact weights change only in number
  const maps = useMemo(() => {
    const of = (packet: AttentionPacket) => mapsOf(packet, { task, names, exact: exact.of(packet.header.kind) });
    return [...of(packet), ...(enc ? of(enc) : [])];
  }, [packet, enc, task, names, exact.count]);
  const views = useMemo(() => viewsOf(maps, kindOf(packet.header.kind, task), made), [maps, packet, task, made]);
  return { ...views, names, rounded: exact.failed };
}

/** What tokens that are no text are called in the language of the page. */
function useSpecialNames(): SpecialNames {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      bos: t("words.bos"),
      eos: t("words.eos"),
      pad: t("words.pad"),
      front: t("words.front"),
      unk: t("words.unk"),
    }),
    [t],
  );
}
