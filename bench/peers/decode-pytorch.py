"""Greedy decoding of a Transformer in PyTorch on the CPU: the encoder once, keys and values of the source once, those of
the target in buffers that are written in place, query, key and value of self-attention in one product.

The task names the model's folder, a JSON file with the batches of token ids of each turn, and how rows are held: `all`
stay until the last has ended; with `open` those that have ended leave."""
import json
import math
import struct
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
from openblas import backend, prepare_threads

TASK = json.loads(sys.argv[1])
prepare_threads(TASK["threads"])

try:
    import numpy
    import torch
    from torch.nn import functional
except ImportError as error:
    print(json.dumps({"peer": "pytorch", "unavailable": str(error)}))
    sys.exit(0)

BLOCKED = -1e9  # added to a score where attention is not allowed


def read_weights(path):
    """The float32 tensors of a safetensors file: a length, a JSON header of names and places, and the data."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    start = 8 + length
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    weights = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        values = numpy.frombuffer(data[start + first : start + last], "<f4").reshape(entry["shape"])
        weights[name] = torch.from_numpy(values.copy())
    return weights


class Transformer:
    def __init__(self, folder):
        config = json.loads((folder / "config.json").read_text())
        if config["model_type"] != "jumok-transformer":
            raise ValueError(f"written for Transformers, not for {config['model_type']}")
        self.weights = read_weights(folder / "model.safetensors")
        self.width, self.heads = config["d_model"], config["encoder_attention_heads"]
        self.depth, self.longest = self.width // self.heads, config["max_position_embeddings"]
        self.layers = range(config["encoder_layers"])
        self.start, self.end = config["decoder_start_token_id"], config["eos_token_id"]
        self.pre, self.epsilon = config["normalize_before"], config.get("layer_norm_eps", 1e-6)
        self.activation = getattr(torch, "relu") if config["activation_function"] == "relu" else functional.silu
        self.target = self.weights["sourceEmbedding.weight" if config["share_encoder_decoder_embeddings"] else "targetEmbedding.weight"]
        self.output = self.target if config["tie_word_embeddings"] else self.weights["output.weight"]
        angles = torch.arange(self.longest)[:, None] / 10000 ** (torch.arange(0, self.width, 2) / self.width)
        self.sinusoids = torch.stack([angles.sin(), angles.cos()], -1).view(self.longest, self.width)
        self.joint = {}

    def embed(self, table, ids, position=0):
        return functional.embedding(ids, table) * math.sqrt(self.width) + self.sinusoids[position : position + ids.shape[1]]

    def project(self, x, path, *names):
        """Products with several weights as one; `[size, heads, length, depth]` of each."""
        if (path, names) not in self.joint:
            self.joint[path, names] = [
                torch.cat([self.weights[f"{path}.{name}.{kind}"] for name in names]) for kind in ("weight", "bias")
            ]
        size, length, _ = x.shape
        product = functional.linear(x, *self.joint[path, names])
        return product.view(size, length, len(names), self.heads, self.depth).permute(2, 0, 3, 1, 4).unbind(0)

    def attend(self, path, query, key, value, mask=None):
        scores = (query * self.depth**-0.5) @ key.transpose(-1, -2)
        context = (scores if mask is None else scores + mask).softmax(-1) @ value
        size, _, length, _ = query.shape
        joined = context.transpose(1, 2).reshape(size, length, self.width)
        return self.linear(f"{path}.output", joined)

    def linear(self, path, x):
        return functional.linear(x, self.weights[f"{path}.weight"], self.weights[f"{path}.bias"])

    def norm(self, path, x):
        return functional.layer_norm(x, (self.width,), self.weights[f"{path}.weight"], self.weights[f"{path}.bias"], self.epsilon)

    def around(self, path, x, sublayer):
        if self.pre:
            return x + sublayer(self.norm(f"{path}Residual.norm", x))
        return self.norm(f"{path}Residual.norm", x + sublayer(x))

    def feed_forward(self, path, x):
        inner = lambda y: self.activation(self.linear(f"{path}.feedForward.inner", y))
        return self.around(f"{path}.feedForward", x, lambda y: self.linear(f"{path}.feedForward.outer", inner(y)))

    def encode(self, source, mask):
        x = self.embed(self.weights["sourceEmbedding.weight"], source)
        for layer in self.layers:
            path = f"encoder.layers.{layer}"
            attention = f"{path}.selfAttention"
            x = self.around(
                attention, x, lambda y: self.attend(attention, *self.project(y, attention, "query", "key", "value"), mask)
            )
            x = self.feed_forward(path, x)
        return self.norm("encoder.norm", x) if self.pre else x

    def step(self, tokens, position, state):
        x = self.embed(self.target, tokens, position)
        for layer, (keys, values, source_keys, source_values) in zip(self.layers, state["layers"]):
            path = f"decoder.layers.{layer}"

            def own(y, attention=f"{path}.selfAttention"):
                query, key, value = self.project(y, attention, "query", "key", "value")
                keys[:, :, position : position + 1] = key
                values[:, :, position : position + 1] = value
                seen = position + 1
                return self.attend(attention, query, keys[:, :, :seen], values[:, :, :seen])

            def cross(y, attention=f"{path}.crossAttention"):
                (query,) = self.project(y, attention, "query")
                return self.attend(attention, query, source_keys, source_values, state["mask"])

            x = self.around(f"{path}.selfAttention", x, own)
            x = self.around(f"{path}.crossAttention", x, cross)
            x = self.feed_forward(path, x)
        if self.pre:
            x = self.norm("decoder.norm", x)
        return functional.linear(x[:, 0], self.output, self.weights["output.bias"])

    def begin(self, rows):
        length = max(map(len, rows))
        source = torch.tensor([row + [0] * (length - len(row)) for row in rows])
        lengths = torch.tensor([len(row) for row in rows])
        mask = (torch.arange(length) >= lengths[:, None])[:, None, None] * BLOCKED
        memory = self.encode(source, mask)
        empty = lambda: torch.empty(len(rows), self.heads, self.longest, self.depth)
        layers = [
            (empty(), empty(), *self.project(memory, f"decoder.layers.{layer}.crossAttention", "key", "value"))
            for layer in self.layers
        ]
        return {"mask": mask, "layers": layers}

    def greedy(self, rows, leave):
        """Tokens of each row up to its end, which is left out."""
        state = self.begin(rows)
        written, owners = [[] for _ in rows], list(range(len(rows)))
        done = [False] * len(rows)
        tokens = torch.full((len(rows), 1), self.start)
        for position in range(self.longest):
            tokens = self.step(tokens, position, state).argmax(-1, keepdim=True)
            for owner, token in zip(owners, tokens[:, 0].tolist()):
                done[owner] = done[owner] or token == self.end
                if not done[owner]:
                    written[owner].append(token)
            if all(done):
                break
            if leave and any(done[owner] for owner in owners):
                rest = torch.tensor([row for row, owner in enumerate(owners) if not done[owner]])
                owners = [owner for owner in owners if not done[owner]]
                tokens = tokens[rest]
                state = {
                    "mask": state["mask"][rest],
                    "layers": [tuple(part[rest] for part in layer) for layer in state["layers"]],
                }
        return written


def main():
    torch.set_num_threads(TASK["threads"])
    model = Transformer(Path(TASK["model"]))
    turns = json.loads(Path(TASK["turns"]).read_text())
    decode = lambda turn: [written for rows in turn for written in model.greedy(rows, TASK["rows"] == "open")]
    introduction = {
        "peer": "pytorch",
        "version": torch.__version__,
        "backend": backend(torch),
        "threads": torch.get_num_threads(),
        "rows": TASK["rows"],
    }
    print(json.dumps(introduction), flush=True)
    for line in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        answers = decode(turns[int(line)])
        seconds, processor = time.perf_counter() - start, time.process_time() - used
        print(json.dumps({"secondsPerStep": [seconds], "processorSeconds": processor, "answers": answers}), flush=True)


with torch.inference_mode():
    try:
        main()
    except (ValueError, OSError) as error:
        print(json.dumps({"peer": "pytorch", "unavailable": str(error)}))
