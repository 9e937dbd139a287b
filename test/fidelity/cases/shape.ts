import { failure, type Case } from '../page/case.ts';
import { WITHOUT_REFRESH } from '../ways.ts';

/** What can be seen of the function itself. */
export const SHAPE: readonly Case[] = [
  {
    name: 'when the function is looked at',
    run: async ({ bare }) => {
      const own = Reflect.ownKeys(bare).map(String).sort();
      return { type: typeof bare, length: bare.length, name: bare.name, own, tag: Object.prototype.toString.call(bare), isFunction: bare instanceof Function };
    },
    shows: { type: 'function', length: 1, name: 'fetch' },
  },
  { name: 'when the function is called with new', run: async ({ bare }) => failure(Promise.resolve().then(() => Reflect.construct(bare, ['echo'])).then(String)).then((error) => ({ ...(error as object), message: '' })), shows: { kind: 'TypeError' } },
  { name: 'when it is called without arguments', run: ({ bare }) => failure(bare(...([] as unknown as [string]))), shows: { kind: 'TypeError', message: /1 argument required/ } },
  { name: 'when it is called by itself, outside its object', run: async ({ bare }) => { const { fetch } = { fetch: bare }; return (await fetch('echo')).status; }, shows: 200, ways: WITHOUT_REFRESH },
  { name: 'when it gets more arguments than it has', run: async ({ fetch }) => (await (fetch as (...args: unknown[]) => Promise<Response>)('echo', {}, { method: 'POST' })).status, shows: 200 },
];
