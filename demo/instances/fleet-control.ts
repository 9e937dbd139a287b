import type { Hono } from 'hono';
import { change } from '../server/control.ts';
import type { Fleet } from './fleet.ts';

/** Adds the routes that show and stop the instances. */
export function addFleetControl(app: Hono, fleet: Fleet): void {
  app.get('/instances', (context) => context.json(fleet.state()));
  app.post('/instances/stop', change(({ number }) => fleet.kill(number)));
}
