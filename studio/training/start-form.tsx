import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { StartingTraining, TrainingStatus } from "../../src/studio/training-wire.ts";

interface Props extends Pick<TrainingStatus, "files" | "presets"> {
  readonly onStart: (config: StartingTraining) => void;
}

/** What is to be trained, chosen of what the server offers. */
export function StartForm({ files, presets, onStart }: Props) {
  const { t } = useTranslation("training");
  const [file, setFile] = useState(files[0].id);
  const [preset, setPreset] = useState(presets.find(({ name }) => name === "small")?.name ?? presets[0].name);
  const [epochs, setEpochs] = useState("");
  const [rate, setRate] = useState("");
  const chosen = presets.find(({ name }) => name === preset);
  return (
    <form
      className="start-form"
      onSubmit={(event) => {
        event.preventDefault();
        const options = {
          ...(epochs !== "" && { epochs: Number(epochs) }),
          ...(rate !== "" && { learningRate: Number(rate) }),
        };
        onStart({ file, preset, options });
      }}
    >
      <label>
        {t("file")}
        <select value={file} onChange={({ target }) => setFile(target.value)}>
          {files.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("preset")}
        <select value={preset} onChange={({ target }) => setPreset(target.value)}>
          {presets.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        {t("epochs")}
        <input
          type="number"
          min={1}
          max={10000}
          placeholder={t("asPreset")}
          value={epochs}
          onChange={({ target }) => setEpochs(target.value)}
        />
      </label>
      <label>
        {t(chosen?.schedule === "noam" ? "rateFactor" : "rate")}
        <input
          type="number"
          min={0}
          step="any"
          placeholder={t("ratePreset", { rate: chosen?.learningRate })}
          value={rate}
          onChange={({ target }) => setRate(target.value)}
        />
      </label>
      <button type="submit" className="button">
        {t("start")}
      </button>
    </form>
  );
}
