// The graph: what a computation is, and its gradients.

export { expand, reshape, sum } from "./graph/broadcast.ts";
export { differentiate } from "./graph/differentiate.ts";
export type { Dimension, Shape } from "./graph/dimension.ts";
export { dropout } from "./graph/dropout.ts";
export {
  add,
  divide,
  exp,
  log,
  multiply,
  negate,
  relu,
  scale,
  sigmoid,
  sqrt,
  subtract,
  tanh,
} from "./graph/elementwise.ts";
export { gather, pick } from "./graph/gather.ts";
export { layerNorm } from "./graph/normalize.ts";
export { matmul, transpose } from "./graph/product.ts";
export { range } from "./graph/range.ts";
export { reverseSequences } from "./graph/reverse.ts";
export { type Scanned, type Step, scan } from "./graph/scan.ts";
export { and, cast, equal, less, lessOrEqual, where } from "./graph/select.ts";
export { concat, pad, slice, split } from "./graph/slice.ts";
export { argMax, logSoftmax, logSumExp, max, softmax } from "./graph/softmax.ts";
export { constant, input, parameter, scalar } from "./graph/source.ts";
export type { DType, Tensor, TensorType } from "./graph/tensor.ts";
export { topK } from "./graph/top-k.ts";

// Running a graph.

export { DEVICES, type Device, DeviceError, type Engine, type EngineOptions } from "./runtime/engine.ts";
export { openEngine } from "./runtime/node.ts";
export { FlatValues, initialize, Layout } from "./runtime/parameters.ts";
export { Program } from "./runtime/program.ts";
export { floats, integers, type Value } from "./runtime/value.ts";

// Layers.

export {
  type Attended,
  additiveAttention,
  dotProductAttention,
  type KeysAndValues,
  luongAttention,
  MultiHeadAttention,
} from "./nn/attention.ts";
export type { CellKind } from "./nn/cells.ts";
export { Embedding } from "./nn/embedding.ts";
export { FeedForward } from "./nn/feed-forward.ts";
export { constantly, glorotUniform, type Initializer, normal, orthogonal, uniform } from "./nn/initializers.ts";
export { Linear, linear } from "./nn/linear.ts";
export { correct, crossEntropy } from "./nn/loss.ts";
export { lookAheadMask, paddingMask } from "./nn/masks.ts";
export { Module, Parameter } from "./nn/module.ts";
export { LayerNorm } from "./nn/norm.ts";
export { Positions, positionalEncoding } from "./nn/positions.ts";
export { Recurrent, RecurrentLayer, type RecurrentOptions, type RecurrentStates } from "./nn/recurrent.ts";
export { RecurrentCell } from "./nn/recurrent-cell.ts";
export { type NormPlacement, Residual } from "./nn/residual.ts";

// Models.

export { AttentionClassifier, type AttentionClassifierOptions } from "./models/attention-classifier.ts";
export { BagClassifier, type BagClassifierOptions } from "./models/bag-classifier.ts";
export type { Classified, Classifier } from "./models/classifier.ts";
export { type RecurrentAttention, RecurrentSeq2Seq, type RecurrentSeq2SeqOptions } from "./models/recurrent-seq2seq.ts";
export type { Begun, Seq2SeqModel, SourceTensors, State, Stepped } from "./models/seq2seq.ts";
export { DecoderLayer, EncoderLayer, Transformer, type TransformerOptions } from "./models/transformer.ts";
export { TransformerClassifier, type TransformerClassifierOptions } from "./models/transformer-classifier.ts";

// Text.

export { TextStream } from "./text/text-stream.ts";
export { Tokenizer } from "./text/tokenizer.ts";
export type { TokenizerOptions } from "./text/tokenizer-options.ts";

// Data.

export { type Batch, type Example, makeBatch } from "./data/batches.ts";
export { DataError, type Problem } from "./data/data-error.ts";
export { formatLabelReport, type LabelReport, reportLabelled } from "./data/label-report.ts";
export { type LabelledSplit, splitLabelled, type TextLeak, textLeak } from "./data/labelled-split.ts";
export {
  type LabelledFile,
  type LabelledText,
  type ReadLabelledOptions,
  readLabelled,
} from "./data/labelled-texts.ts";
export type { Pair } from "./data/pair.ts";
export { type PairFile, type ReadPairsOptions, readPairs } from "./data/pairs.ts";
export { type DataReport, formatReport, reportPairs } from "./data/report.ts";
export { holdOutOnePerGroup, type LeakReport, leakReport, type SplitOptions, splitPairs } from "./data/split.ts";

// Learning.

export { Adam, type AdamOptions } from "./optim/adam.ts";
export {
  constant as constantSchedule,
  cosine as cosineSchedule,
  inverseSqrt as inverseSqrtSchedule,
  linear as linearSchedule,
  noam as noamSchedule,
  type Schedule,
} from "./optim/schedule.ts";
export type { Buffers, CheckpointStore, Progress } from "./training/checkpoint.ts";
export { CheckpointError, CheckpointFolder } from "./training/checkpoint-folder.ts";
export type { ClassifyOptions } from "./training/classify-options.ts";
export {
  type ComparedModel,
  type CompareEvent,
  type Comparison,
  type CurvePoint,
  compareModels,
} from "./training/compare.ts";
export type { Measures, TrainEvent } from "./training/events.ts";
export type { DataEvent, Sample } from "./training/job.ts";
export { type LearningOptions, scheduleOf } from "./training/learning-options.ts";
export { type Prepared, prepare } from "./training/prepare.ts";
export { type PreparedTexts, prepareTexts } from "./training/prepare-texts.ts";
export { RunError, readSavedRun, type SavedRun, type TrainingRun, trainFolder } from "./training/run.ts";
export type { RunEvent } from "./training/run-events.ts";
export { OptionsError, PRESETS, type PresetName, RunOptions, runOptions } from "./training/run-options.ts";
export type { Seq2SeqOptions } from "./training/seq2seq-options.ts";
export { DivergedError, train, trainingMemory } from "./training/train.ts";
export type { TrainData, TrainOptions } from "./training/train-options.ts";

// Model folders.

export { pageFiles } from "./browser/page-files-node.ts";
export { FolderError } from "./formats/atomic-write.ts";
export { ClassifierConfig, classifierConfigOf, classifierOf, labelsOf } from "./formats/classifier-config.ts";
export { checkExportFolder, writeExport } from "./formats/export-folder-node.ts";
export { ExportError, type ExportedFiles, type ExportOptions, type FileContent } from "./formats/export-model.ts";
export { huggingFaceFiles } from "./formats/huggingface.ts";
export { importMarian } from "./formats/import-marian-node.ts";
export {
  type LoadedClassifier,
  type LoadedModel,
  type LoadedSeq2Seq,
  ModelFolderError,
} from "./formats/loaded-model.ts";
export { configOf, ModelConfig, modelOf } from "./formats/model-config.ts";
export {
  loadClassifier,
  loadModelFolder,
  loadSeq2Seq,
  readTrainingNotes,
  saveModelFolder,
} from "./formats/model-folder.ts";
export { onnxFiles } from "./formats/onnx-export.ts";
export { decodeSafeTensors, encodeSafeTensors, type SafeTensors, SafeTensorsError } from "./formats/safetensors.ts";

// Measures.

export { type BleuOptions, type BleuScore, bleu, sentenceBleu } from "./metrics/bleu.ts";
export type { BleuTokenizer } from "./metrics/bleu-tokenizers.ts";
export { type ChrfOptions, type ChrfScore, chrf, sentenceChrf } from "./metrics/chrf.ts";
export { type ClassScores, classScores } from "./metrics/classification.ts";
export { type DistinctOptions, type DistinctScore, distinct } from "./metrics/distinct.ts";
export type { References } from "./metrics/segment.ts";

// Charts.

export type { Axis, LineChart, Panel, Point, Series } from "./charts/chart.ts";
export { lineChart } from "./charts/line-chart.ts";
export { type Png, PngError, svgToPng } from "./charts/png.ts";

// What a model looks at.

export { type AttentionFigureOptions, attentionFigure } from "./explain/attention-figure.ts";
export { type AttentionData, attentionData, type MapData } from "./explain/attention-json.ts";
export {
  AttentionError,
  type AttentionKind,
  type AttentionMap,
  type ExplainedText,
  type Sentence,
  type SentenceToken,
} from "./explain/attention-map.ts";
export { type Attending, attentionOf } from "./explain/attention-of.ts";
export { attentionPage } from "./explain/attention-page.ts";
export { type AttentionTextOptions, attentionText } from "./explain/attention-text.ts";
export { type AttentionChoice, type AttentionView, attentionViews, type HeadChoice } from "./explain/attention-view.ts";
export { ClassifierAttention } from "./explain/classifier-attention.ts";
export { mergeWords } from "./explain/merge-words.ts";
export { rollout } from "./explain/rollout.ts";
export { Seq2SeqAttention, type WritingModel } from "./explain/seq2seq-attention.ts";
export type { Language } from "./explain/wording.ts";

// Answers, and how good they are.

export { type AttendedWord, attendedWords } from "./decoding/attended-words.ts";
export { type AttentionGridOptions, attentionGrid } from "./decoding/attention-grid.ts";
export { Decoder, type DecoderOptions, type Forced, PRECISIONS, type Precision } from "./decoding/decoder.ts";
export { type ScoredTarget, type ScoreOptions, scoreTargets } from "./decoding/forced.ts";
export type { AttentionRow, AttentionStep, Hypothesis, SpecialIds } from "./decoding/hypothesis.ts";
export { Judge, type Judgement, type JudgeOptions, type JudgingModel } from "./decoding/judge.ts";
export { type LengthPenaltyName, lengthPenalty } from "./decoding/length-penalty.ts";
export {
  type Alternative,
  type Answer,
  type AnswerNews,
  type AnswerRequest,
  Responder,
  TextError,
} from "./decoding/responder.ts";
export type { Rule, Writing } from "./decoding/rules.ts";
export { type Draft, decode, type Ended, type SearchProgress, search } from "./decoding/search.ts";
export {
  type Arrival,
  type LengthRule,
  type SamplingOptions,
  type SearchOptions,
  SearchOptionsError,
  type SentenceOptions,
} from "./decoding/search-options.ts";
export type { RowScores, Stepper, Stepping, StepRows, Wanted } from "./decoding/stepper.ts";
export { type Answering, type TranslatedText, type Translation, translate } from "./decoding/translate.ts";
export { type AnsweredPair, type AnsweringModel, type AnswerOptions, answerPairs } from "./training/answer-pairs.ts";
export type { AnswerScores } from "./training/answer-scores.ts";
export { ClassifyTask, type LabelledExample } from "./training/classify-task.ts";
export { Evaluator } from "./training/evaluate.ts";
export { type EvaluateOptions, type Evaluation, evaluatePairs } from "./training/evaluate-pairs.ts";
export { evaluateTexts, type TextEvaluation } from "./training/evaluate-texts.ts";
export { type ExactMatch, GivenAnswers } from "./training/exact-match.ts";
export { learntPairs } from "./training/learnt-pairs.ts";
export { type OpenedClassifier, type OpenedModel, openClassifier, openModel } from "./training/open-model.ts";
export { METRICS, type Metric } from "./training/pair-metrics.ts";
export type { Scores, ScoresByLength, ScoresOfLength } from "./training/scores.ts";
export { Seq2SeqTask } from "./training/seq2seq-task.ts";
export type { Task, TaskBatch } from "./training/task.ts";
export { VERSION } from "./training/version.ts";
