import { sessions } from '../sessions.server';

const answer = ({ request }: { request: Request }) => sessions.proxy(request);

export { answer as action, answer as loader };
