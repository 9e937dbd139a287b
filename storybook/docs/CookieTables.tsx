import { COOKIE_TABLE } from './cookie-table.ts';
import { Table } from './Table.tsx';

type Measured = (typeof COOKIE_TABLE)[string];

const BROWSERS = Object.entries(COOKIE_TABLE);

/** The browsers in which CORS and closed tabs were measured: one of each engine. */
const ENGINES = BROWSERS.filter(([, { cors }]) => cors !== undefined);

/** What becomes of a cookie, by place and attributes. Rows of one place with the same cells are one row. */
export function CookieRules() {
  const rules = BROWSERS[0]?.[1].rules ?? [];
  const cellsOf = (row: number) => BROWSERS.map(([, browser]) => fateIn(browser, row));
  const groups = new Map<string, { readonly place: string; readonly attributes: string[]; readonly cells: string[] }>();
  for (const [row, { place, attributes }] of rules.entries()) {
    const key = JSON.stringify([place, cellsOf(row)]);
    const group = groups.get(key) ?? { place, attributes: [], cells: cellsOf(row) };
    group.attributes.push(`\`${attributes}\``);
    groups.set(key, group);
  }
  return (
    <Table
      caption="What becomes of a cookie"
      head={['API', 'attributes', ...BROWSERS.map(([title]) => title)]}
      rows={[...groups.values()].map(({ place, attributes, cells }) => [place, attributes.join(' or '), ...cells])}
    />
  );
}

/** What a page gets if the API's CORS headers are wrong. */
export function CorsMistakes() {
  const rows = ENGINES[0]?.[1].cors ?? [];
  return (
    <Table
      caption="CORS mistakes"
      head={['mistake', ...ENGINES.map(([title]) => title)]}
      rows={rows.map(({ mistake }, row) => [mistake, ...ENGINES.map(([, { cors }]) => corsText(cors?.[row]))])}
    />
  );
}

/** What becomes of a request whose page is gone. */
export function ClosedPages() {
  const rows = ENGINES[0]?.[1].closing ?? [];
  return (
    <Table
      caption="Requests of a page that is gone"
      head={['what happens', 'under way', '`keepalive`', ...ENGINES.map(([title]) => title)]}
      rows={rows.map(({ end, phase, keepalive }, row) => [end, `the ${phase}`, keepalive ? 'yes' : 'no', ...ENGINES.map(([, { closing }]) => closingText(closing?.[row]))])}
    />
  );
}

/** The versions that were measured, as one sentence. */
export function MeasuredVersions() {
  return <p>Measured in {ENGINES.map(([title, { version }]) => `${title} ${version}`).join(', ')}, on Linux.</p>;
}

function fateIn({ rules }: Measured, row: number): string {
  const rule = rules[row];
  if (!rule) return '–';
  const isSent = rule.setByCall.startsWith('sent');
  const own = rule.setOnOwnPage === 'sent';
  if (rule.setByCall === 'sent, in a jar of the app’s site') return own ? rule.setByCall : `${rule.setByCall}; not sent if the API’s own page has set it`;
  return isSent === own ? rule.setByCall : `${rule.setByCall}; ${own ? 'sent' : 'not sent'} if the API’s own page has set it`;
}

function corsText(row: NonNullable<Measured['cors']>[number] | undefined): string {
  if (!row) return '–';
  if (!row.arrived) return `\`${row.page}\`. The request is not sent.`;
  return `\`${row.page}\`. The API has processed the request, and the cookie is ${row.stored ? 'stored' : 'lost'}.`;
}

function closingText(row: NonNullable<Measured['closing']>[number] | undefined): string {
  if (!row) return '–';
  if (!row.arrived) return 'not sent';
  return row.stored ? 'sent, cookie stored' : 'sent, **cookie lost**';
}
