"""Runs LoRA steps of both sides in turns and reports the ratio. See ../README.md."""

import argparse
import os
import random

import checks
from processes import HERE, PyTorch, SlimSpec
from report import circumstances, publish, row, timing
from turns import Turns

CHECKPOINT, SLIM, ADAPTER = (f"{HERE}/.work/{name}" for name in ("checkpoint", "SlimSpec", "adapter"))
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]  # as specs/llama-110m-lora.slim.yaml says
RANK, ALPHA, RATE = 8, 16, 1e-4
STEPS = 4  # in a turn
VOCABULARY, CALIBRATION = 32000, (10, 64)
BATCHES = [(4, 128), (1, 512)]  # rows and tokens that are predicted in each


def rows(generator, count, tokens):
    return [[generator.randrange(VOCABULARY) for _ in range(tokens)] for _ in range(count)]


def prune(realtime, generator):
    """The slim checkpoint that both sides train on; gives what was kept."""
    engine = SlimSpec(realtime)
    kept = engine.ask("prune", checkpoint=CHECKPOINT, samples=rows(generator, *CALIBRATION), output=SLIM)["kept"]
    engine.close()
    return kept


def adapt(sides, kept):
    """The same adapters on both sides; gives the number of trained weights."""
    theirs = sides.engines["PyTorch"].ask("adapt", checkpoint=CHECKPOINT, kept=kept, targets=TARGETS, rank=RANK, alpha=ALPHA, adapter=ADAPTER)
    ours = sides.engines["SlimSpec"].ask("adapt", checkpoint=SLIM, adapter=ADAPTER)
    checks.equal({"PyTorch": theirs, "SlimSpec": ours}, "trained")
    return ours["trained"]


def measure(options):
    generator = random.Random(0)
    kept = prune(options.realtime, generator)
    sides = Turns([PyTorch(options.realtime), SlimSpec(options.realtime)])
    hello = sides.ask(0, "hello")
    for name, answer in hello.items():
        checks.blas(name, answer)
    trained = adapt(sides, kept)
    batches = {f"{count} x {tokens}": rows(generator, count, tokens + 1) for count, tokens in BATCHES}
    for ids in batches.values():
        sides.ask(0, "train", ids=ids, steps=1, rate=RATE)  # the first calls allocate
    sides.idle, difference = 0.0, 0.0
    samples = {name: [] for name in batches}
    for number in range(options.rounds):
        for name, ids in batches.items():
            answers = sides.ask(number, "train", ids=ids, steps=STEPS, rate=RATE)
            difference = max(difference, checks.losses(answers))
            samples[name].append({side: {"seconds": answer["seconds"]} for side, answer in answers.items()})
    checks.idle(sides.idle)
    peaks = {side: {"peak_mb": engine.memory("VmHWM")} for side, engine in sides.engines.items()}
    for engine in sides.engines.values():
        engine.close()
    return {"engines": hello, "trained": trained, "difference": difference, "idle_share": sides.idle, "peaks": peaks, "samples": samples}


def table(result):
    peaks = result["peaks"]
    lines = [timing(f"LoRA step, {name} tokens", samples, "1.0") for name, samples in result["samples"].items()]
    lines.append(row("peak resident memory", [peaks["SlimSpec"]["peak_mb"]], [peaks["PyTorch"]["peak_mb"]], "{:.0f} MiB", ""))
    return "\n".join(
        [
            "| | PyTorch | SlimSpec | PyTorch / SlimSpec, median | min | max | aim |",
            "|---|---|---|---|---|---|---|",
            *lines,
        ]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--realtime", action="store_true", help="real-time priority for all that is timed, on a machine in use")
    options = parser.parse_args()
    load = [os.getloadavg()[0]]
    result = {"rounds": options.rounds, "realtime": options.realtime, **measure(options)}
    load.append(os.getloadavg()[0])
    result["load_average"] = load
    facts = circumstances(result, f"{result['trained']:,} trained weights beside a frozen model")
    checked = f"Checked in the run: losses of all steps within {result['difference']:.1e} relative."
    publish("training-110m", f"{facts}\n{checked}\n\n{table(result)}\n", result)


main()
