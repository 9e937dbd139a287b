import { echoed, seen, type Case } from '../page/case.ts';

const at = (path: string) => ({ path, method: 'GET' });

/** Where a call goes, by the kind of its address. */
export const ADDRESSES: readonly Case[] = [
  { name: 'when the address is an absolute URL as a string', run: ({ fetch, home }) => echoed(fetch(`${home}/echo?a=1#part`)), shows: at('/v1/echo?a=1') },
  { name: 'when the address is a path relative to the page', run: ({ fetch }) => echoed(fetch('echo?a=1')), shows: at('/v1/echo?a=1') },
  { name: 'when the address is a path that starts with a dot', run: ({ fetch }) => echoed(fetch('./echo')), shows: at('/v1/echo') },
  { name: 'when the address is a path that goes up and down again', run: ({ fetch }) => echoed(fetch('../v1/echo')), shows: at('/v1/echo') },
  { name: 'when the address has no protocol', run: ({ fetch, home }) => echoed(fetch(`${home.replace('https:', '')}/echo`)), shows: at('/v1/echo') },
  { name: 'when the address is a URL with white space around it', run: ({ fetch, home }) => echoed(fetch(` \n${home}/echo\t `)), shows: at('/v1/echo') },
  { name: 'when the address is a path with white space around it', run: ({ fetch }) => echoed(fetch(' echo\n')), shows: at('/v1/echo') },
  { name: 'when the address contains a space and a letter that is not ASCII', run: ({ fetch }) => echoed(fetch('echo?q=für alle')), shows: at('/v1/echo?q=f%C3%BCr%20alle') },
  { name: 'when the address is a URL object', run: ({ fetch, home }) => echoed(fetch(new URL(`${home}/echo?a=1`))), shows: at('/v1/echo?a=1') },
  { name: 'when the address is the location object', run: ({ fetch }) => statusOf(fetch(location as unknown as URL)), shows: 200 },
  { name: 'when the address is an anchor element', run: ({ fetch, home }) => echoed(fetch(anchor(`${home}/echo`) as unknown as URL)), shows: at('/v1/echo') },
  { name: 'when the address is a Request', run: ({ fetch, home }) => echoed(fetch(new Request(`${home}/echo`))), shows: at('/v1/echo') },
  { name: 'when the address has another origin', run: ({ fetch, other }) => fetch(`${other}/echo`).then(seen), shows: { type: 'cors', status: 200 } },
  { name: 'when the address is a blob: URL of the page', run: ({ fetch }) => fetch(URL.createObjectURL(new Blob(['held']))).then(async (response) => ({ status: response.status, text: await response.text() })), shows: { text: 'held' } },
];

async function statusOf(response: Promise<Response>): Promise<number> {
  return (await response).status;
}

function anchor(href: string): HTMLAnchorElement {
  return Object.assign(document.createElement('a'), { href });
}
