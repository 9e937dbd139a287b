import { createFileRoute } from '@tanstack/react-router';
import { sessions } from '../../sessions.server';

const answer = ({ request }: { request: Request }) => sessions.proxy(request);

export const Route = createFileRoute('/api/$')({ server: { handlers: { ANY: answer } } });
