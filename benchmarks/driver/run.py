"""Runs both sides in turns and reports ratios. See ../README.md."""

import argparse
import json
import os

import checks
from processes import HERE, Bandwidth, PeakMemory, PyTorch, SlimSpec
from report import write
from turns import Turns

CHECKPOINT = f"{HERE}/.work/checkpoint"
PREFILL_TOKENS, PROMPT_TOKENS, DECODED_TOKENS = 512, 128, 64
LAYERS, SPARSITY = list(range(1, 11)), 0.25  # as specs/llama-110m.slim.yaml says


def speed(rounds, realtime, ids):
    """Prefill, decode and calibration in two processes that stay up, the bandwidth probe beside the decode."""
    prompt = [token for row in ids for token in row]
    sides, probe = Turns([PyTorch(realtime), SlimSpec(realtime)]), Bandwidth(realtime)
    hello = sides.ask(0, "hello")
    for name, answer in hello.items():
        checks.blas(name, answer)
    parameters = sides.ask(0, "load", checkpoint=CHECKPOINT)["SlimSpec"]["parameters"]
    differences = {"logits": checks.logits(sides.ask(0, "logits", ids=prompt[:PROMPT_TOKENS]))}
    result = {"prefill": [], "decode": [], "calibrate": [], "bandwidth": []}
    sides.ask(0, "prefill", ids=prompt[:PREFILL_TOKENS], repeats=2)  # the first calls compile and allocate
    sides.idle = 0.0  # until here a side may still have been starting
    for number in range(rounds):
        result["prefill"].append(sides.ask(number, "prefill", ids=prompt[:PREFILL_TOKENS], repeats=5))
        answers = sides.ask(number, "decode", ids=prompt[:PROMPT_TOKENS], tokens=DECODED_TOKENS)
        checks.equal(answers, "tokens")
        result["decode"].append(answers)
        result["bandwidth"].append({"seconds": probe.seconds(4 * parameters, 20)})
        answers = sides.ask(number, "calibrate", samples=ids, layers=LAYERS)
        differences["scores"] = max(differences.get("scores", 0), checks.scores(answers))
        result["calibrate"].append({name: {"seconds": answer["seconds"]} for name, answer in answers.items()})
    checks.idle(sides.idle)
    for process in [*sides.engines.values(), probe]:
        process.close()
    return result, {"engines": hello, "parameters": parameters, "differences": differences, "idle_share": sides.idle}


def prune(rounds, realtime, ids):
    """The whole prune job, each in a process of its own so that its peak memory is the job's."""
    result = []
    for number in range(rounds):
        answers = {}
        for side in (PyTorch, SlimSpec) if number % 2 == 0 else (SlimSpec, PyTorch):
            engine = side(realtime)
            engine.ask("hello")
            with PeakMemory(engine) as peak:
                answers[side.name] = engine.ask(
                    "prune",
                    checkpoint=CHECKPOINT,
                    samples=ids,
                    layers=LAYERS,
                    sparsity=SPARSITY,
                    output=f"{HERE}/.work/{side.name}",
                )
            answers[side.name] |= {"peak_mb": peak.resident, "peak_anonymous_mb": peak.anonymous}
            engine.close()
        checks.equal(answers, "kept")
        checks.checkpoints(f"{HERE}/.work/SlimSpec", f"{HERE}/.work/PyTorch")
        for answer in answers.values():
            del answer["kept"]
        result.append(answers)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--realtime", action="store_true", help="real-time priority for all that is timed, on a machine in use")
    options = parser.parse_args()
    with open(f"{CHECKPOINT}/calibration.json") as file:
        ids = json.load(file)["ids"]
    load = [os.getloadavg()[0]]
    samples, facts = speed(options.rounds, options.realtime, ids)
    samples["prune"] = prune(options.rounds, options.realtime, ids)
    load.append(os.getloadavg()[0])
    write({"rounds": options.rounds, "realtime": options.realtime, "load_average": load, **facts, "samples": samples})


main()
