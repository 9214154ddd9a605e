/**
 * Trains a chatbot on the small talk that comes with the project, asks it, and shows what each piece of its answer
 * attended to. A second or two for one epoch; the default of 20 takes about a minute.
 *
 *     npx tsx examples/chatbot.ts [EPOCHS] [FOLDER]
 */
import { attentionGrid, openEngine, openModel, runOptions, trainFolder } from "../src/index.ts";

const [epochs = "20", out = "chatbot-model"] = process.argv.slice(2);
const data = new URL("../data/small-talk.ko.tsv", import.meta.url).pathname;
const options = runOptions("small", { epochs: Number(epochs), validFraction: 0 });
const engine = await openEngine();

for await (const event of trainFolder({ data, out, options, engine, overwrite: true })) {
  if (event.type === "epoch") console.log(`epoch ${event.epoch}: loss ${event.loss.toFixed(3)}`);
}

const { responder } = await openModel(out, { attention: true });
const answer = await responder.answer("오늘 뭐 해?");
console.log(answer.answer);
console.log(attentionGrid(answer));
