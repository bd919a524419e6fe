"""Results as JSON (every sample) and as one table."""

import json
import os
import statistics
import time

from processes import HERE, THREADS

def median(samples):
    return statistics.median(samples["seconds"])


def spread(values, form):
    """Median, smallest and largest."""
    return " | ".join(form.format(value) for value in (statistics.median(values), min(values), max(values)))


def timing(title, rounds, aim):
    """One row: each side's median of round medians, and the speed-up round by round."""
    ours = [median(answers["SlimSpec"]) * 1e3 for answers in rounds]
    theirs = [median(answers["PyTorch"]) * 1e3 for answers in rounds]
    return row(title, ours, theirs, "{:.4g} ms", aim)


def row(title, ours, theirs, form, aim):
    """Ratios are PyTorch over SlimSpec: above 1 is in SlimSpec's favour."""
    ratios = [b / a for a, b in zip(ours, theirs)]
    sides = f"{form.format(statistics.median(theirs))} | {form.format(statistics.median(ours))}"
    return f"| {title} | {sides} | {spread(ratios, '{:.2f}')} | {aim} |"


def table(result):
    samples = result["samples"]
    weight_bytes = 4 * result["parameters"]
    floor = [median(passes) * 1e3 for passes in samples["bandwidth"]]
    decode = [median(answers["SlimSpec"]) * 1e3 for answers in samples["decode"]]
    bandwidth = [weight_bytes / value / 1e6 for value in floor]

    def peak(kind, side):
        return [answers[side][kind] for answers in samples["prune"]]

    def memory(title, kind, aim):
        return row(title, peak(kind, "SlimSpec"), peak(kind, "PyTorch"), "{:.0f} MiB", aim)

    reached = [a / b for a, b in zip(floor, decode)]
    return "\n".join(
        [
            "| | PyTorch | SlimSpec | PyTorch / SlimSpec, median | min | max | aim |",
            "|---|---|---|---|---|---|---|",
            timing("prefill, 512 tokens", samples["prefill"], "1.0"),
            timing("decode, a token at positions 128 to 191", samples["decode"], "1.5"),
            timing("calibration step, 10 x 64 tokens", samples["calibrate"], "1.0"),
            timing("prune, checkpoint to checkpoint", samples["prune"], "1.25 (0.8 of the time)"),
            memory("prune, peak resident memory", "peak_mb", "2.5 (0.4 of the memory)"),
            memory("the same without mapped files", "peak_anonymous_mb", ""),
            "",
            f"Decode against reading the weights once ({weight_bytes / 1e6:.0f} MB at {statistics.median(bandwidth):.1f} GB/s, "
            f"measured beside it: {statistics.median(floor):.2f} ms): SlimSpec reaches "
            f"{statistics.median(reached):.2f} of that limit ({min(reached):.2f} to {max(reached):.2f}); aim 0.8.",
        ]
    )


def circumstances(result, model):
    """Where, with what and how quietly it ran."""
    with open("/proc/cpuinfo") as file:
        processor = next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    engines = "; ".join(answer["engine"] for answer in result["engines"].values())
    priority = "real-time priority" if result["realtime"] else "normal priority"
    return (
        f"{time.strftime('%Y-%m-%d')}, {processor}, {os.cpu_count()} processors, {THREADS} threads, float32, {model}. {engines}.\n"
        f"{result['rounds']} rounds, {priority}, load average {result['load_average'][0]:.1f} before and "
        f"{result['load_average'][1]:.1f} after; the waiting side used at most {result['idle_share']:.1%} of a processor."
    )


def facts(result):
    return "\n".join(
        [
            circumstances(result, f"{result['parameters']:,} parameters"),
            f"Checked in the run: logits of both sides within {result['differences']['logits']:.1e}, equal greedy tokens, scores "
            f"within {result['differences']['scores']:.1e} relative, equal kept units, slim checkpoints equal byte for byte.",
        ]
    )


def write(result):
    publish("llama-110m", f"{facts(result)}\n\n{table(result)}\n", result)


def publish(name, text, result):
    """Writes a report and every sample of it."""
    for ending, content in ((".json", json.dumps(result, indent=1)), (".md", text)):
        with open(f"{HERE}/results/{name}{ending}", "w") as file:
            file.write(content)
    print(text)
