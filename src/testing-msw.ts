export { bonfireHandlers } from './testing/msw/bonfire-handlers.ts';
