/** The header `Prefer` (RFC 7240): what a client would like, and the hub may do. */

/** Whether the client would rather not wait: `respond-async` (RFC 7240 §4.1), its case and its neighbours not mattering. */
export function prefersAsync(header: string | undefined): boolean {
  // A parameter's quoted value may hold commas; no preference that we know has one.
  const preferences = (header ?? '').replace(/"(?:[^"\\]|\\.)*"/g, '').split(',')
  return preferences.some(preference => preference.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async')
}
