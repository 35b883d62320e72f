"""Write a demo's thumbnails to one self-contained HTML page."""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from local.demo import events
from local.demo.events import Cloud, Tally

PAGE = Template(
    """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>intermodal: demo results</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
  h1 { font-size: 1.5rem; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
  figure { margin: 0; border: 1px solid #8884; border-radius: .5rem; overflow: hidden; }
  .picture { height: 12rem; display: grid; place-items: center; background: #8882; }
  .picture img { max-width: 100%; max-height: 12rem; }
  figcaption { padding: .6rem .8rem; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .6rem; margin: .3rem 0 0; font-size: .85rem; }
  dt { opacity: .65; } dd { margin: 0; }
  .swatch { display: inline-block; width: .8em; height: .8em; border-radius: .2em; vertical-align: -.05em; }
</style>
<h1>$handled of $sent events handled on $targets</h1>
<p>The same <code>examples/thumbnails</code> container made each picture on every target. Time from sending the
message to the picture: $taken.</p>
<main>
$figures
</main>
</html>
"""
)

FIGURE = Template(
    """<figure>
  <div class="picture"><img alt="$photograph" src="data:image/jpeg;base64,$data"></div>
  <figcaption><b>$photograph</b> by $source
    <dl><dt>photograph</dt><dd>$width x $height, $size KiB</dd>
    <dt>colour</dt><dd><span class="swatch" style="background: $colour"></span> $colour</dd>
    $after</dl></figcaption>
</figure>"""
)
AFTER = Template("<dt>$target</dt><dd>$seconds s$different</dd>")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Requests and results of one target."""

    target: str
    cloud: Cloud
    tally: Tally

    def result(self, what: str) -> dict[str, Any] | None:
        """Return the result of the request `what`, or None."""
        return next((self.tally.results.get(each.id) for each in self.tally.requests if each.what == what), None)

    def picture(self, what: str) -> bytes:
        """Return the thumbnail for the request `what`, which must have a result."""
        return events.picture_of(self.cloud, next(each.id for each in self.tally.requests if each.what == what))


def write(path: Path, runs: Sequence[Run]) -> None:
    """Write the page: each thumbnail once, with the latency of every target."""
    counts = {run.target: run.tally.figures() for run in runs}
    taken = "; ".join(
        f"on {target}, half within {each['p50_ms'] / 1000:.1f} s and 95% within {each['p95_ms'] / 1000:.1f} s"
        for target, each in counts.items()
    )
    photographs = {request.what: request.photograph for run in runs for request in run.tally.requests}
    figures = [_figure(runs, what, photograph) for what, photograph in photographs.items()]
    values = {
        "handled": sum(each["handled"] for each in counts.values()),
        "sent": sum(each["sent"] for each in counts.values()),
        "targets": ", ".join(counts),
        "taken": taken,
    }
    path.write_text(PAGE.substitute(values, figures="\n".join(filter(None, figures))))


def _figure(runs: Sequence[Run], what: str, photograph: str) -> str:
    made = {run.target: (found, run.picture(what)) for run in runs if (found := run.result(what))}
    if not made:
        return ""
    result, picture = next(iter(made.values()))
    after = [
        AFTER.substitute(
            target=html.escape(target),
            seconds=f"{found['seconds']:.1f}",
            different="" if theirs == picture else ", different picture",
        )
        for target, (found, theirs) in made.items()
    ]
    return FIGURE.substitute(
        photograph=html.escape(photograph),
        source=html.escape(result["source"]),
        data=base64.b64encode(picture).decode(),
        width=result["width"],
        height=result["height"],
        size=round(result["bytes"] / 1024),
        colour=html.escape(result["colour"]),
        after="".join(after),
    )
