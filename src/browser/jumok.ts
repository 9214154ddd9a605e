// What a page imports: the library for browsers.

export type { AttendedWord } from "../decoding/attended-words.ts";
export type { AttentionRow, AttentionStep } from "../decoding/hypothesis.ts";
export type { Judgement } from "../decoding/judge.ts";
export { type Alternative, type Answer, TextError } from "../decoding/responder.ts";
export { type SearchOptions, SearchOptionsError } from "../decoding/search-options.ts";
export { attentionFigure } from "../explain/attention-figure.ts";
export { AttentionError, type ExplainedText } from "../explain/attention-map.ts";
export { attentionViews } from "../explain/attention-view.ts";
export { ModelFolderError } from "../formats/loaded-model.ts";
export {
  type JudgedText,
  kindOfModel,
  type OpenOptions,
  openClassifier,
  openModel,
  PageClassifier,
  PageModel,
} from "./open-model.ts";
