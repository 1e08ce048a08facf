import { SaxesParser, type SaxesTagPlain } from 'saxes';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Of the element itself and all inside it. */
  readonly text: string;
}

/** The root of an XML document. Throws where it is not well-formed. */
export function parseXml(text: string): Element {
  interface Open {
    name: string;
    attributes: Record<string, string>;
    children: Element[];
    text: string;
  }
  const stack: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    stack.push({ name, attributes, children: [], text: '' });
  });
  parser.on('text', (content) => {
    stack[stack.length - 1]!.text += content;
  });
  parser.on('closetag', () => {
    const closed = stack.pop()!;
    const parent = stack[stack.length - 1]!;
    parent.children.push(closed);
    parent.text += closed.text;
  });
  parser.write(text).close();
  return stack[0]!.children[0]!;
}

/** The element and all elements inside it, in order. */
export function* elementsOf(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* elementsOf(child);
}
