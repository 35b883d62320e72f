"""The pictures of a demo as one HTML page that needs nothing beside it."""

import base64
import html
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
<title>intermodal: what came out</title>
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
<h1>$handled of $sent events handled</h1>
<p>Each picture was made by the container in <code>examples/thumbnails</code>, deployed by Pulumi. Half were there
within $p50 ms of their message being sent, 95 % within $p95 ms.</p>
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
    <dt>after</dt><dd>$seconds s</dd></dl></figcaption>
</figure>"""
)


def write(path: Path, cloud: Cloud, tally: Tally) -> None:
    """Write the page of all thumbnails that came out."""
    shown = [request for request in tally.requests if request.id in tally.results]
    figures = "\n".join(_figure(cloud, request.id, request.photograph, tally.results[request.id]) for request in shown)
    counts = tally.figures()
    values = {
        "handled": counts["handled"],
        "sent": counts["sent"],
        "p50": round(counts["p50_ms"]),
        "p95": round(counts["p95_ms"]),
    }
    path.write_text(PAGE.substitute(values, figures=figures))


def _figure(cloud: Cloud, name: str, photograph: str, result: dict[str, Any]) -> str:
    picture = events.picture_of(cloud, name)
    return FIGURE.substitute(
        photograph=html.escape(photograph),
        source=html.escape(result["source"]),
        data=base64.b64encode(picture).decode(),
        width=result["width"],
        height=result["height"],
        size=round(result["bytes"] / 1024),
        colour=html.escape(result["colour"]),
        seconds=result["seconds"],
    )
