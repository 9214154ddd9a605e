import { readdir } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { StudioError } from "../studio/studio-error.ts";
import type { StartingTraining, TrainingCommand, TrainingReply, TrainingStatus } from "../studio/training-wire.ts";
import { OptionsError, PRESETS, type PresetName, type RunOptions, runOptions } from "../training/run-options.ts";
import type { TrainingDesk } from "./training-desk.ts";
import type { AllowedFile } from "./training-files.ts";

export interface TrainingOfficeOptions {
  readonly desk: TrainingDesk;
  /** Whether the page may start, stop and resume. */
  readonly commands: boolean;
  /** What it may train on. */
  readonly files: readonly AllowedFile[];
  /** Where new runs go, each into a folder of its own. */
  readonly runs: string;
}

/** What the page may ask of trainings: it names files by their ids, and folders not at all. */
export class TrainingOffice {
  readonly desk: TrainingDesk;
  readonly #options: TrainingOfficeOptions;

  constructor(options: TrainingOfficeOptions) {
    this.desk = options.desk;
    this.#options = options;
  }

  async status(): Promise<TrainingStatus> {
    const { commands, files, runs } = this.#options;
    const { folder } = this.desk;
    const { state, step, total, epoch } = this.desk.now;
    const [saved, savedStep, film, file] = await Promise.all([
      this.desk.saved(),
      this.desk.savedStep(),
      this.desk.film(),
      this.desk.fileName(),
    ]);
    return {
      ...{ state, step, total, epoch },
      ...(savedStep !== undefined && { savedStep }),
      epochs: saved?.options.epochs ?? epoch,
      ...(this.desk.problem !== undefined && { problem: this.desk.problem }),
      ...(dirname(folder) === runs && { folder }),
      ...(file !== undefined && { file }),
      ...(saved && { task: saved.options.task, schedule: saved.options.schedule }),
      film: film?.sentences.map(({ columns: { words, toks } }) => shown(words, toks)) ?? [],
      commands,
      files: files.map(({ id, name, size }) => ({ id, name, size })),
      presets: Object.entries(PRESETS).map(([name, { task, learningRate, schedule }]) => ({
        name,
        task,
        learningRate,
        schedule,
      })),
    };
  }

  /** @throws {StudioError} when that may not be, or not now */
  async command(command: TrainingCommand): Promise<TrainingReply> {
    if (!this.#options.commands) throw notAllowed();
    if (command.cmd === "stop") this.desk.stop();
    else if (this.desk.busy) throw busy();
    else if (command.cmd === "resume") await this.#resume();
    else await this.#start(command.config);
    const { state, step } = this.desk.now;
    return { state, step };
  }

  async #resume(): Promise<void> {
    const saved = await this.desk.saved();
    if (saved === undefined || saved.finished) throw nothingToResume();
    const { sha256: _, finished: __, ...run } = saved;
    this.#train({ ...run, out: this.desk.folder, resume: true });
  }

  async #start({ file: id, preset, options }: StartingTraining): Promise<void> {
    const file = this.#options.files.find((one) => one.id === id);
    if (file === undefined) throw noSuchFile(id);
    if (!Object.hasOwn(PRESETS, preset)) throw noSuchPreset(preset);
    const out = join(this.#options.runs, await this.#newName(parse(file.name).name));
    this.#train({ data: file.path, options: chosenOptions(preset as PresetName, options), out });
  }

  #train(run: Parameters<TrainingDesk["start"]>[0]): void {
    // What goes wrong is told as the state of the run.
    this.desk.start(run).catch(() => {});
  }

  /** A name that no folder has yet. */
  async #newName(stem: string): Promise<string> {
    const taken = new Set(await readdir(this.#options.runs).catch((): string[] => []));
    for (let number = 1; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
  }
}

/** What the page calls the options that it asks for. */
const SHOWN_OPTIONS: Readonly<Record<string, string>> = { epochs: "에포크", learningRate: "학습률" };

function chosenOptions(preset: PresetName, options: Readonly<Record<string, unknown>> = {}): RunOptions {
  try {
    return runOptions(preset, options as Partial<RunOptions>);
  } catch (error) {
    if (error instanceof OptionsError) {
      const named = error.keys.map((key) => SHOWN_OPTIONS[key] ?? key).join(", ");
      const ko = `설정할 수 없는 값입니다(${named || preset}). 값을 고쳐 다시 시작하세요.`;
      throw new StudioError("invalid_option", { ko, en: error.message });
    }
    throw error;
  }
}

/** A sentence without what is no text. */
function shown(words: readonly string[], toks: readonly { readonly w: number; readonly sp?: string }[]): string {
  const special = new Set(toks.filter(({ sp }) => sp !== undefined && sp !== "unk").map(({ w }) => w));
  return words.filter((_, number) => !special.has(number)).join(" ");
}

function notAllowed(): StudioError {
  return new StudioError("not_allowed", {
    ko: "이 서버는 보여 주기만 합니다. jumok serve에 --train-on 파일을 주고 다시 시작하면 여기서 학습할 수 있습니다.",
    en: "this server only shows; start it with jumok serve DIR --train-on FILE to train from here",
  });
}

function busy(): StudioError {
  return new StudioError("busy", {
    ko: "학습이 아직 진행 중입니다. 멈춘 다음에 시작하세요.",
    en: "a training is under way; stop it before you start another",
  });
}

function nothingToResume(): StudioError {
  return new StudioError("nothing_to_resume", {
    ko: "이어서 학습할 것이 없습니다. 새로 시작하세요.",
    en: "there is nothing to go on with; start a new training",
  });
}

function noSuchFile(id: string): StudioError {
  return new StudioError("no_such_file", {
    ko: `${id}: 목록에 없는 파일입니다. 목록에서 고르세요.`,
    en: `${id}: is none of the files; choose one of the list`,
  });
}

function noSuchPreset(name: string): StudioError {
  return new StudioError("no_such_preset", {
    ko: `${name}: 없는 설정입니다. ${Object.keys(PRESETS).join(", ")} 중에서 고르세요.`,
    en: `${name}: there is no such preset; choose one of ${Object.keys(PRESETS).join(", ")}`,
  });
}
