interface Node {
  readonly type: string;
  readonly meta?: string | null;
  children?: Node[];
}

/** A Markdown plugin that shows the file name of a code block, such as ```ts auth.ts, above the block. */
export function fileNames() {
  return function addNames(node: Node): void {
    if (!node.children) return;
    node.children = node.children.flatMap((child) => {
      if (child.type === 'code' && child.meta) return [nameOf(child.meta), child];
      addNames(child);
      return [child];
    });
  };
}

function nameOf(file: string): Node {
  const data = { hName: 'div', hProperties: { className: ['file-name'] } };
  return Object.assign({ type: 'paragraph', data }, { children: [{ type: 'text', value: file }] });
}
