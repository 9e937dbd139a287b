/** Writes a text to a place where a token must not appear. */
export async function leak(place: 'console' | 'error' | 'channel' | 'dom' | 'url', text: string, channelName: string): Promise<void> {
  if (place === 'console') console.info(text);
  else if (place === 'error') void Promise.reject(new Error('Outer', { cause: new Error(text) }));
  else if (place === 'channel') new BroadcastChannel(channelName).postMessage({ text });
  else if (place === 'dom') document.body.append(text);
  else await fetch(`/clock?said=${text}`);
}
