import type { TopLevelSpec } from 'vega-lite';

/** The figure as SVG, without a DOM. One unit of the specification is one point (1/72 inch). Same specification, same bytes. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  // Loaded here: only commands that draw pay for the plotting libraries' start-up.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' });
  try {
    return `${inPoints(await view.toSVG())}\n`;
  } finally {
    view.finalize();
  }
}

function inPoints(svg: string): string {
  return svg.replace(/^<svg[^>]*>/, (tag) => tag.replace(/ (width|height)="([\d.]+)"/g, ' $1="$2pt"'));
}
