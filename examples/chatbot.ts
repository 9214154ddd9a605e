/**
 * Trains a very small chatbot on the small talk that comes with the project (about half a minute), asks it something,
 * and shows what each piece of its answer attended to.
 *
 *     npx tsx examples/chatbot.ts [EPOCHS] [FOLDER]
 */
import { fileURLToPath } from "node:url";
import { attentionGrid, openEngine, openModel, runOptions, trainFolder } from "../src/index.ts";

const [epochs = "12", out = "chatbot-model"] = process.argv.slice(2);
const data = fileURLToPath(new URL("../data/small-talk.ko.tsv", import.meta.url));
const sizes = { numLayers: 1, dModel: 96, numHeads: 4, dFeedForward: 256, dropout: 0.1 };
const speed = { batchSize: 32, learningRate: 5e-3, warmupSteps: 50, epochs: Number(epochs), validFraction: 0 };
const options = runOptions("small", sizes, speed);
const engine = await openEngine();

for await (const event of trainFolder({ data, out, options, engine, overwrite: true })) {
  if (event.type === "epoch") console.log(`epoch ${event.epoch}: loss ${event.loss.toFixed(3)}`);
}

const { responder } = await openModel(out, { attention: true });
const answer = await responder.answer("너 이름이 뭐야?");
console.log(answer.answer);
console.log(attentionGrid(answer));
