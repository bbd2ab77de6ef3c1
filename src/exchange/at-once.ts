/** Compiling asks for one thing after another and does not wait: what it may ask for is read before. */

/** What is read of each id, as a function. */
export async function atOnce<Document>(
  ids: Iterable<string>,
  read: (id: string) => Promise<Document | undefined>,
): Promise<(id: string) => Document | undefined> {
  const byId = new Map(await Promise.all([...new Set(ids)].map(async id => [id, await read(id)] as const)))
  return id => byId.get(id)
}
