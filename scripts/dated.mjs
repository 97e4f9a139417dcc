/** Where a migration of this name is written now. */
export const dated = (slug, now = new Date()) => `migrations/${now.toISOString().slice(0, 10)}_${slug}.ts`;
