// Stands for the parts of Angular that the idle services of keycloak-angular use: injection and signals. Everything else does nothing.
const provided = new Map();
const effects = new Set();

function signal(first) {
  let value = first;
  const read = () => value;
  read.set = (next) => {
    value = next;
    queueMicrotask(() => effects.forEach((run) => run()));
  };
  return read;
}

const parts = {
  provide: (token, value) => void provided.set(token, value),
  inject: (token) => provided.get(token),
  signal,
  computed: (read) => read,
  effect(run) {
    effects.add(run);
    queueMicrotask(run);
  },
  isPlatformBrowser: () => true,
  InjectionToken: class {},
};

globalThis.ngDevMode = false;
const nothing = () => class {};
// A bundler copies own members only, so the others come from the prototype.
module.exports = Object.assign(Object.create(new Proxy({}, { get: () => nothing })), parts);
