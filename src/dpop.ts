export { dpop, type DpopOptions } from './dpop/dpop.ts';
