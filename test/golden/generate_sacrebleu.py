"""Values from sacreBLEU for the tests of BLEU and chrF.

usage: generate_sacrebleu.py FILE     (needs sacrebleu 2)

Computes all values of sacrebleu.json anew, in place: its cases, texts drawn once and edges chosen by hand, stay. The file does
not tell the version it was first made with; 2.6.0 gives the same file, byte for byte. Signatures say `version:2.x`.
"""
import json, re, sys
from sacrebleu.metrics import BLEU, CHRF

# Scores of single sentences are for cases that are not too long to read.
MOST_SENTENCES = 20

def signature(metric):
    return re.sub(r"version:.*", "version:2.x", str(metric.get_signature()))

def bleu_values(hypotheses, references, tokenizer, lowercase):
    metric = BLEU(tokenize=tokenizer, lowercase=lowercase)
    score = metric.corpus_score(hypotheses, references)
    return {
        "score": score.score, "precisions": score.precisions, "bp": score.bp,
        "sys_len": score.sys_len, "ref_len": score.ref_len, "signature": signature(metric),
    }

def chrf_values(hypotheses, references, word_order):
    metric = CHRF(word_order=word_order)
    return {"score": metric.corpus_score(hypotheses, references).score, "signature": signature(metric)}

def sentence_scores(metric, hypotheses, references):
    return [metric.sentence_score(text, list(own)).score for text, *own in zip(hypotheses, *references)]

def values(hypotheses, references):
    found = {}
    for tokenizer in ("13a", "none", "char"):
        for lowercase in (False, True):
            found[f"bleu|tok:{tokenizer}|lc:{lowercase}"] = bleu_values(hypotheses, references, tokenizer, lowercase)
    for word_order in (0, 2):
        found[f"chrf|word_order:{word_order}"] = chrf_values(hypotheses, references, word_order)
    if len(hypotheses) <= MOST_SENTENCES:
        found["sentence_bleu|tok:13a"] = sentence_scores(BLEU(effective_order=True), hypotheses, references)
        found["sentence_chrf"] = sentence_scores(CHRF(), hypotheses, references)
    return found

path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    golden = json.load(file)
for case in golden["cases"]:
    case["values"] = values(case["hypotheses"], case["references"])
with open(path, "w", encoding="utf-8") as file:
    json.dump(golden, file, indent=0, ensure_ascii=False)
