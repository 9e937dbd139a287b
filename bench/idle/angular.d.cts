export declare function provide(token: unknown, value: unknown): void;
