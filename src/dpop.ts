export { boundTo, type ProofKeyPair } from './dpop/bound-to.ts';
export { dpop, type DpopOptions } from './dpop/dpop.ts';
