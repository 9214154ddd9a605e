import { Decoder } from "../decoding/decoder.ts";
import { scoreTargets } from "../decoding/forced.ts";
import { readSource, TextError } from "../decoding/responder.ts";
import type { Rule } from "../decoding/rules.ts";
import { decode } from "../decoding/search.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { Seq2SeqAttention } from "../explain/seq2seq-attention.ts";
import type { LoadedSeq2Seq } from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import { Cells } from "./cells.ts";
import { type Exhibit, type Reading, stacksOf } from "./exhibit.ts";
import type { LessonNumbers } from "./lesson-wire.ts";
import { Lessons } from "./lessons.ts";
import { sizesIn } from "./model-card.ts";
import { occludedSources } from "./occlusion.ts";
import { SearchTree, type TreeNode } from "./search-tree.ts";
import { shownPiece, shownSentence } from "./shown-sentence.ts";
import { checkIndex, unreadable } from "./studio-error.ts";
import type { CellPlace, Generated, GenerateNews, LessonRequest, LessonSearch, Occluding } from "./studio-model.ts";
import { base64, u8sqrt } from "./u8-sqrt.ts";
import { watchedSearch } from "./watched-search.ts";
import type { BeamEvent, Candidate, Cell, GenerateRequest, OccludedEvent, TokEvent } from "./wire.ts";

const USUAL_TOP = 6;

/** Answers texts with a model that writes, and tells all that led to the answer. */
export class WritingStudio {
  readonly #loaded: LoadedSeq2Seq;
  readonly #decoder: Decoder;
  readonly #attention: Seq2SeqAttention | undefined;
  readonly #cells: Cells;
  readonly #lessons: Lessons;

  private constructor(
    loaded: LoadedSeq2Seq,
    programs: { decoder: Decoder; attention: Seq2SeqAttention | undefined; cells: Cells; lessons: Lessons },
  ) {
    this.#loaded = loaded;
    this.#decoder = programs.decoder;
    this.#attention = programs.attention;
    this.#cells = programs.cells;
    this.#lessons = programs.lessons;
  }

  static async open(engine: Engine, loaded: LoadedSeq2Seq): Promise<WritingStudio> {
    const decoder = await Decoder.compile(engine, loaded.model, loaded.weights, { attention: true });
    const attention = sizesIn(loaded).kinds.length > 0 ? await Seq2SeqAttention.compile(engine, loaded) : undefined;
    const cells = new Cells(engine, loaded);
    return new WritingStudio(loaded, { decoder, attention, cells, lessons: new Lessons(engine, loaded, cells) });
  }

  /**
   * @throws {StudioError} when the text cannot be read, or `force` has ids that there are not
   * @throws {SearchOptionsError} when an option does not fit
   * @throws the reason of the signal when that stops it
   */
  async *generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<GenerateNews, Generated, undefined> {
    const began = performance.now();
    const { tokenizer } = this.#loaded;
    const { endId } = tokenizer;
    const { beam = 1, topK = USUAL_TOP, lenPenalty = 0 } = request;
    const source = this.#read(request.src);
    const search = { ...this.#search(request), told: topK, signal };
    yield { type: "src", ...shownSentence(tokenizer, source), cut: 0 };

    const tree = new SearchTree({ endId, told: topK, shown: 2 * beam });
    const steps = watchedSearch(this.#decoder, source, search);
    const ids: number[] = [];
    const told = (nodes: readonly TreeNode[]): TokEvent[] =>
      nodes.slice(ids.length).map((node) => {
        ids.push(node.id);
        return this.#tokEvent(node, ids);
      });
    for (;;) {
      const { done, value } = await steps.next();
      if (!done) {
        const { step, live, certain } = value;
        yield { type: "beam", step, nodes: tree.grow(value).map((node) => this.#beamNode(node)) };
        if (live.length > 0) yield* told(tree.nodesOf(live[0]).slice(0, certain));
        continue;
      }
      yield* told(tree.nodesOf(value[0].path));
      const target = [tokenizer.startId, ...ids];
      const written = shownSentence(tokenizer, ids);
      const exhibit: Exhibit = {
        reading: { source, target, search: { beam, lenPenalty } },
        axes: {
          src: shownSentence(tokenizer, source),
          tgt: written,
          read: shownSentence(tokenizer, target.slice(0, -1)),
        },
        stacks: this.#attention === undefined ? [] : stacksOf(await this.#attention.mapsOf(source, target)),
      };
      return {
        exhibit,
        done: {
          type: "done",
          text: tokenizer.decode(ids),
          words: written.words,
          nbest: value.map(({ path, penalisedScore }) => ({
            text: tokenizer.decode(path.tokens),
            score: penalisedScore,
            logp: path.score,
            ids: path.finished ? [...path.tokens, endId] : path.tokens,
            node: tree.nodesOf(path).at(-1)?.n ?? 0,
          })),
          ms: performance.now() - began,
        },
      };
    }
  }

  /** @throws {StudioError} when there is no such token */
  async *occlude(
    { source, target, search }: Reading,
    { token, words }: Occluding,
    signal?: AbortSignal,
  ): AsyncGenerator<OccludedEvent, void, undefined> {
    const { tokenizer } = this.#loaded;
    const written = target.slice(1);
    checkIndex("i", token, written.length);
    const upTo = written.slice(0, token + 1);
    const score = async (sources: readonly (readonly number[])[]) => {
      const targets = sources.map(() => upTo);
      const scored = await scoreTargets(this.#decoder, sources, targets, { startId: tokenizer.startId });
      return scored.map(({ logProbabilities }) => Math.exp(logProbabilities[token]));
    };
    const [p0] = await score([source]);
    for (const batch of occludedSources(tokenizer, source, words)) {
      signal?.throwIfAborted();
      const sources = batch.map(({ ids }) => ids);
      const after = await score(sources);
      const answers = await decode(this.#decoder, sources, { ...this.#search(search), attention: false, signal });
      for (const [i, { w }] of batch.entries()) {
        yield { type: "word", w, p0, p1: after[i], text: tokenizer.decode(answers[i][0].tokens) };
      }
    }
  }

  /** @throws {StudioError} when there is no such cell */
  cell(reading: Reading, place: CellPlace): Promise<Cell> {
    return this.#cells.cell(reading, place);
  }

  /** @throws {StudioError} when a text cannot be read, or there is no such head or word */
  async lesson(request: LessonRequest, signal?: AbortSignal): Promise<LessonNumbers> {
    if (request.about === "padding") {
      return this.#lessons.padding(
        request.texts.map((text) => this.#read(text)),
        request,
      );
    }
    const source = this.#read(request.src);
    if (request.about === "position") return this.#lessons.position(source, request);
    const { startId, endId } = this.#loaded.tokenizer;
    // The encoder does not depend on what is written.
    const target =
      request.kind === "enc" ? [startId, endId] : await this.#written(source, request.search ?? {}, signal);
    return this.#lessons.head({ source, target, search: {} }, request);
  }

  async release(): Promise<void> {
    await Promise.all([
      this.#cells.release(),
      this.#lessons.release(),
      this.#decoder.release(),
      this.#attention?.release(),
    ]);
  }

  /** What the model answers, from `<start>` on. */
  async #written(source: readonly number[], search: LessonSearch, signal?: AbortSignal): Promise<number[]> {
    const { startId, endId } = this.#loaded.tokenizer;
    const options = { ...this.#search(search), attention: false, signal };
    const [[{ tokens, finished }]] = await decode(this.#decoder, [source], options);
    return [startId, ...tokens, ...(finished ? [endId] : [])];
  }

  #read(text: string): number[] {
    const { tokenizer, model } = this.#loaded;
    try {
      return readSource(tokenizer, model.maxLength, text);
    } catch (error) {
      throw error instanceof TextError ? unreadable(error, model.maxLength) : error;
    }
  }

  #search({ beam = 1, lenPenalty = 0, force = [] }: Omit<GenerateRequest, "src">) {
    const { startId, endId, vocabularySize } = this.#loaded.tokenizer;
    for (const id of force) checkIndex("force", id, vocabularySize);
    const options: SearchOptions = {
      beam,
      nBest: beam,
      attention: this.#attention !== undefined,
      ...(lenPenalty > 0 && { lengthPenalty: "wu" as const, alpha: lenPenalty }),
      ...(force.length > 0 && { constraint: beginningWith(force) }),
    };
    return { ...options, startId, endId };
  }

  /** @param ids of the answer up to the node's */
  #tokEvent({ logp, said }: TreeNode, ids: readonly number[]): TokEvent {
    const { tokenizer } = this.#loaded;
    const top = said.top.map(([one, logarithm]): Candidate => [shownPiece(tokenizer, one).t, Math.exp(logarithm), one]);
    return {
      type: "tok",
      i: ids.length - 1,
      tok: shownSentence(tokenizer, ids).toks[ids.length - 1],
      p: Math.exp(logp),
      top,
      ...(said.look && { look: base64(u8sqrt(said.look)) }),
    };
  }

  #beamNode({ n, up, id, logp, score, kept }: TreeNode): BeamEvent["nodes"][number] {
    return { n, up: up?.n ?? 0, ...shownPiece(this.#loaded.tokenizer, id), p: Math.exp(logp), score, kept };
  }
}

/** Lets an answer begin with these tokens and no others. */
function beginningWith(ids: readonly number[]): Rule {
  return (logProbabilities, { tokens }) => {
    const id = ids[tokens.length];
    if (id === undefined) return;
    const own = logProbabilities[id];
    logProbabilities.fill(Number.NEGATIVE_INFINITY);
    logProbabilities[id] = own;
  };
}
