import { SingleBar } from "cli-progress";
import { formatLabelReport } from "../data/label-report.ts";
import { formatReport } from "../data/report.ts";
import type { StartEvent, StepEvent } from "../training/events.ts";
import type { DataEvent } from "../training/job.ts";
import type { RunEvent } from "../training/run-events.ts";
import { grouped, percent } from "./numbers.ts";
import { printJson } from "./output.ts";
import { type Extent, epochOf, progressLine, progressText } from "./progress-line.ts";
import { styleFor } from "./style.ts";

/** Where the events of a run are shown. */
export interface Display {
  show(event: RunEvent): void;
  /** A line that stays. */
  note(line: string): void;
  /** Takes away what does not stay. */
  close(): void;
}

/** Events for programs: one JSON object a line on standard output. */
const jsonDisplay: Display = { show: printJson, note: () => {}, close: () => {} };

/** Where events are shown: as JSON for programs, or for people. */
export function displayOf(json: boolean): Display {
  return json ? jsonDisplay : new HumanDisplay();
}

const PROBLEMS_SHOWN = 5;
const SAMPLES_SHOWN = 3;
/** Without a terminal a line is written when the last one is so old. */
const QUIET_SECONDS = 30;
/** Columns of a terminal that does not tell how many it has. */
const USUAL_COLUMNS = 80;

/** Events for people, on a stream that may be a terminal. */
export class HumanDisplay implements Display {
  readonly #stream: NodeJS.WriteStream;
  readonly #style: ReturnType<typeof styleFor>;
  #bar: SingleBar | undefined;
  #task: DataEvent["task"] = "chat";
  #extent: Extent = { epochs: 0, totalSteps: 0 };
  #trained = "";
  /** Whether a validation was told just now. */
  #validated = false;
  #lastLine = performance.now();

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#style = styleFor(stream);
  }

  show(event: RunEvent): void {
    const { dim, good } = this.#style;
    switch (event.type) {
      case "data":
        this.#showData(event);
        break;
      case "start": {
        this.#extent = event;
        const sizes = `${grouped(event.parameters)} parameters, ${grouped(event.examples)} examples to learn from`;
        this.note(`${sizes}, ${grouped(event.stepsPerEpoch)} steps an epoch, ${event.epochs} epochs`);
        if (event.peakStep > event.totalSteps / 2) this.note(lateRate(event));
        if (event.resumedAt > 0) this.note(`going on after step ${event.resumedAt} of ${event.totalSteps}`);
        break;
      }
      case "step":
        this.#showStep(event);
        break;
      case "epoch":
        this.#trained =
          `epoch ${epochOf(event.epoch, this.#extent)}  loss ${event.loss.toFixed(4)}  accuracy ${percent(event.accuracy)}` +
          `  ${event.seconds.toFixed(1)} s`;
        break;
      case "validation": {
        const { measured, best } = event;
        const held =
          measured &&
          `   held out: loss ${measured.loss.toFixed(4)}${this.#perplexity(measured.perplexity)}` +
            `  accuracy ${percent(measured.accuracy)}` +
            (measured.bleu === undefined ? "" : `  BLEU ${measured.bleu.toFixed(2)}`) +
            (measured.chrf === undefined ? "" : `  chrF ${measured.chrf.toFixed(2)}`);
        this.note(this.#trained + (held ?? "") + (measured && best ? good("  *") : ""));
        break;
      }
      case "samples":
        // Those between are for the history.
        if (!this.#validated) break;
        for (const { source, answer } of event.samples.slice(0, SAMPLES_SHOWN))
          this.note(dim(`    ${source} → ${answer}`));
        break;
      case "end":
        if (event.reason === "no improvement") {
          this.note(`stopped after epoch ${event.epoch}: the validations got no better`);
        }
        if (event.averaged !== undefined) {
          const held = event.validation && `; held out: loss ${event.validation.loss.toFixed(4)}`;
          this.note(`the mean of the last ${event.averaged} epochs' weights is kept${held ?? ""}`);
        }
        if (event.keptStep !== event.step) this.note(`the best weights are kept, those of step ${event.keptStep}`);
        break;
    }
    this.#validated = event.type === "validation";
  }

  note(line: string): void {
    this.close();
    this.#stream.write(`${line}\n`);
    this.#lastLine = performance.now();
  }

  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  /** Of tokens; of classes nobody asks. */
  #perplexity(value: number): string {
    return this.#task === "classify" ? "" : `  perplexity ${value.toFixed(2)}`;
  }

  #showData(event: DataEvent): void {
    this.#task = event.task;
    const { file, columns, leak, problems, vocabularySize, train, valid } = event;
    const { bold, warn, dim } = this.#style;
    if (event.task === "classify") {
      this.note(bold(`${file}: ${columns.text} → ${columns.label}`));
      this.note(formatLabelReport(event.report));
    } else {
      this.note(bold(`${file}: ${columns.source} → ${columns.target}`));
      this.note(formatReport(event.report));
    }
    for (const { file: from, line, reason, value } of problems.slice(0, PROBLEMS_SHOWN)) {
      this.note(warn(`left out: ${from}:${line}: ${reason}: ${value}`));
    }
    if (problems.length > PROBLEMS_SHOWN) this.note(warn(`and ${grouped(problems.length - PROBLEMS_SHOWN)} more`));
    const what = event.task === "classify" ? "texts" : "pairs";
    this.note(
      dim(
        `vocabulary of ${grouped(vocabularySize)} pieces; ${grouped(train)} ${what} to learn from, ${grouped(valid)} held out`,
      ),
    );
    if (leak) this.note(leak.sentence);
  }

  #showStep(event: StepEvent): void {
    if (!this.#stream.isTTY) {
      if (performance.now() - this.#lastLine < QUIET_SECONDS * 1000) return;
      this.note(progressText(event, this.#extent));
      return;
    }
    if (this.#bar === undefined) {
      this.#bar = new SingleBar({
        format: (_options, _params, { step }) =>
          progressLine(step, this.#extent, this.#stream.columns ?? USUAL_COLUMNS),
        stream: this.#stream,
        clearOnComplete: true,
        hideCursor: true,
        gracefulExit: false,
      });
      this.#bar.start(this.#extent.totalSteps, event.step, { step: event });
    }
    this.#bar.update(event.step, { step: event });
  }
}

/** What to do where a run is over before it has learnt with the rate that its warm-up leads to. */
function lateRate({ peakStep, totalSteps }: StartEvent): string {
  return (
    `the learning rate rises until step ${grouped(peakStep)} of ${grouped(totalSteps)}: so short a run learns little; ` +
    "give fewer --warmup-steps, smaller batches or more --epochs, or another --preset (small is for a few thousand pairs)"
  );
}
