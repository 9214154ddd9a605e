interface Props<Choice extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [choice: Choice, name: string])[];
  readonly chosen: Choice;
  readonly choose: (choice: Choice) => void;
}

/** One of a few choices, side by side. */
export function Segmented<Choice extends string>({ label, choices, chosen, choose }: Props<Choice>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
    <div className="segmented" role="group" aria-label={label}>
      {choices.map(([choice, name]) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => choose(choice)}>
          {name}
        </button>
      ))}
    </div>
  );
}
