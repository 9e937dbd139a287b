import { buildSchema, graphql } from 'graphql';
import { Hono } from 'hono';

export const GRAPHQL_PATH = '/app/graphql';

const schema = buildSchema('type Query { notes: [String!]!, secret: String } type Mutation { addNote(text: String!): String! }');

/** An app that serves GraphQL over HTTP. */
export const graphqlApp = new Hono().post(GRAPHQL_PATH, async (context) => {
  const { query, variables } = await context.req.json<{ query: string; variables?: Record<string, unknown> }>();
  const secret = () => {
    throw new Error('UNAUTHENTICATED');
  };
  const rootValue = { notes: ['hello'], secret, addNote: ({ text }: { text: string }) => text };
  return context.json(await graphql({ schema, source: query, variableValues: variables ?? null, rootValue }));
});
