// Turns a page of the documentation into Markdown that needs no Storybook.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ts from 'typescript';
import { runnerImport } from 'vite';

/** The id that Storybook gives to a page, from its title. */
export const idOf = (text) => `${/<Meta title="(.+)" \/>/.exec(text)?.[1]?.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')}--docs`;

const withoutStyles = { name: 'without-styles', enforce: 'pre', resolveId: (id) => (id.endsWith('.css') ? '\0no-style' : null), load: (id) => (id === '\0no-style' ? '' : null) };

/** Loads what a page imports: texts, data and components. Storybook's own blocks stay out. */
async function importsOf(head, folder) {
  const scope = {};
  for (const [, names = '', from = ''] of head.matchAll(/^import (.+) from '(\..+)';$/gm)) {
    const file = join(folder, from.replace('?raw', ''));
    if (from.endsWith('.png')) continue;
    if (from.endsWith('?raw')) scope[names] = readFileSync(file, 'utf8');
    else if (!from.includes('/diagrams/') && !from.includes('TestedCode')) {
      const { module } = await runnerImport(file, { configFile: false, logLevel: 'error', plugins: [withoutStyles], oxc: { jsx: { runtime: 'automatic', development: false } } });
      for (const name of names.replace(/[{}\s]/g, '').split(',')) scope[name] = module[name];
    }
  }
  return scope;
}

const evaluated = (code, scope) => new Function(...Object.keys(scope), `return (${code});`)(...Object.values(scope));

/** The name and the attributes of an element such as `<Table caption="…" rows={…} />`. */
function elementOf(text, scope) {
  const { statements } = ts.createSourceFile('element.tsx', `(${text});`, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
  const element = statements[0].expression.expression;
  const attributes = element.attributes.properties.map(({ name, initializer }) => [name.text, initializer.expression ? evaluated(initializer.expression.getText(), scope) : initializer.text]);
  return { name: element.tagName.getText(), props: Object.fromEntries(attributes) };
}

function plain(html) {
  const marks = html.replace(/<\/?code>/g, '`').replace(/<\/?strong>/g, '**').replace(/<\/span>/g, '; ').replace(/<[^>]+>/g, '');
  const text = marks.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#x27;/g, "'").replace(/&amp;/g, '&');
  return text.replace(/; $/, '').replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
}

/** Renders a component, and writes its items as a list, or its cells as a table of Markdown. */
function listOrTable(component, props) {
  const html = renderToStaticMarkup(createElement(component, props));
  if (html.startsWith('<ul>')) return [...html.matchAll(/<li>(.*?)<\/li>/gs)].map(([, item]) => `- ${plain(item)}`).join('\n');
  const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => plain(cell)));
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function markdownOf(text, scope) {
  const { name, props } = elementOf(text, scope);
  if (name === 'TestedCode') return `\`${props.file}\`:\n\n\`\`\`${props.file.split('.').at(-1)}\n${props.of.trim()}\n\`\`\``;
  return scope[name] ? listOrTable(scope[name], props) : '(The documentation in the repository has a drawing here.)';
}

/**
 * Converts a page.
 *
 * @param file its path
 * @param target the path of the result
 * @param targets the path of each result by its id
 */
export async function toMarkdown(file, target, targets) {
  const page = readFileSync(file, 'utf8');
  const [head = '', body = ''] = page.split(/<Meta title=".+" \/>\n/);
  const scope = await importsOf(head, dirname(file));
  const linkTo = (id, heading) => (targets.has(id) ? `${relative(dirname(target), targets.get(id))}${heading}` : null);
  // Code stays as it is.
  const parts = body.split(/(^```[\s\S]*?^```$)/m).map((part) => {
    if (part.startsWith('```')) return part.replace(/^```(\w+) (\S+)\n/, '`$2`:\n\n```$1\n');
    return part
      .replace(/^<picture>[\s\S]*?alt="([^"]*)"[\s\S]*?<\/picture>/gm, '$1')
      .replace(/^<[A-Z]\w*(?:\s[\s\S]*?)?\/>$/gm, (element) => markdownOf(element, scope))
      .replace(/\[((?:[^\][]|\[[^\]]*\])*)\]\(\?path=\/docs\/([\w-]+)(#[\w-]+)?\)/g, (whole, label, id, heading = '') => (linkTo(id, heading) ? `[${label}](${linkTo(id, heading)})` : label));
  });
  return `${parts.join('').trim()}\n`;
}

/** Turns links to files that are not there into their text. */
export function withoutDeadLinks(text, folder) {
  return text.replace(/!?\[([^\]]*)\]\((?!https?:|#)([^)#]+)[^)]*\)/g, (whole, label, path) => (existsSync(join(folder, path)) ? whole : label));
}
