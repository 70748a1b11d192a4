/**
 * Checks the well-formedness that the SVG needs to be read at all: one root, every element closed in order, attributes quoted, no
 * stray `<` or `&`. Throws an Error that says where. Not a whole XML parser: no DTD, no CDATA, no processing instructions.
 */
export function checkWellFormed(xml: string): void {
  const open: string[] = [];
  let roots = 0;
  let position = 0;
  for (const match of xml.matchAll(/<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [tag, closing, name = '', , empty] = match;
    checkText(xml.slice(position, match.index), open.length);
    position = match.index + tag.length;
    if (closing === '/') close(open, name);
    else {
      if (open.length === 0) roots++;
      if (empty !== '/') open.push(name);
    }
  }
  checkText(xml.slice(position), 0);
  if (open.length > 0) throw new Error(`<${open.join('><')}> is not closed`);
  if (roots !== 1) throw new Error(`${roots} roots`);
}

function close(open: string[], name: string): void {
  const expected = open.pop();
  if (expected !== name) throw new Error(`</${name}> closes <${expected ?? 'nothing'}>`);
}

function checkText(text: string, depth: number): void {
  if (depth === 0 && text.trim() !== '') throw new Error(`text outside the root: ${text.trim().slice(0, 40)}`);
  const stray = /<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/.exec(text);
  if (stray !== null) throw new Error(`stray '${stray[0]}' in: ${text.slice(0, 60)}`);
}
