/** Where workloads run. Apart from their schema: code that only needs the names does not load zod. */
export const platforms = ['kubernetes', 'systemd', 'fly', 'render', 'procfile', 'ecs', 'pm2'] as const;
export type Platform = (typeof platforms)[number];
