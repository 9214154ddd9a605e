import { useTranslation } from "react-i18next";
import { useStore } from "../app/store.ts";
import { theme as themes } from "../app/theme.ts";
import { type AttentionPacket, headBytes } from "../attention/packet.ts";
import { Thumb } from "../attention/thumb.tsx";
import { chosenByDefault, type HeadPlace, sameHead } from "./chosen-heads.ts";

interface Props {
  readonly packet: AttentionPacket;
  readonly chosen: readonly HeadPlace[];
  readonly onChoose: (heads: readonly HeadPlace[]) => void;
}

/** More heads than this are too many for the room: then only the last layer is seen. */
const MOST = 32;

/** All heads as small pictures; those that are pressed are looked through together. */
export function HeadPicker({ packet, chosen, onChoose }: Props) {
  const { t } = useTranslation("talk");
  const theme = useStore(themes);
  const { layers, heads, cols } = packet.header;
  const first = layers * heads > MOST ? layers - 1 : 0;
  const places = Array.from({ length: (layers - first) * heads }, (_, index) => ({
    layer: first + Math.floor(index / heads),
    head: index % heads,
  }));
  const toggle = (place: HeadPlace) => {
    const rest = chosen.filter((other) => !sameHead(other, place));
    if (rest.length === chosen.length) onChoose([...chosen, place]);
    else onChoose(rest.length > 0 ? rest : chosenByDefault(packet));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent
    <div
      role="group"
      className="heads"
      aria-label={t("heads.label")}
      style={{ "--heads": Math.min(8, heads) } as object}
    >
      {places.map((place) => (
        <button
          key={`${place.layer} ${place.head}`}
          type="button"
          aria-pressed={chosen.some((other) => sameHead(other, place))}
          aria-label={t("heads.name", { layer: place.layer + 1, head: place.head + 1 })}
          title={t("heads.name", { layer: place.layer + 1, head: place.head + 1 })}
          onClick={() => toggle(place)}
        >
          <Thumb
            bytes={headBytes(packet, place.layer, place.head)}
            cols={cols}
            mask={UNMASKED}
            root={cols > 20}
            theme={theme}
          />
        </button>
      ))}
    </div>
  );
}

/** The decoder sees all of one source. */
const UNMASKED = () => undefined;
