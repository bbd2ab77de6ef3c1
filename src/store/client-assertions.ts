/** Assertions that clients have used: each is taken once, by whichever process it comes to. */
import type { Transaction } from './connection.ts'

/**
 * Notes an assertion; false where it was used before. Forgets those that their own time has made void.
 *
 * @param assertion.expiresAt when it is void by its own time, in ms
 * @param now in ms
 */
export async function useAssertion(
  tx: Transaction,
  assertion: { readonly client: string; readonly jti: string; readonly expiresAt: number },
  now: number,
): Promise<boolean> {
  await tx.run('DELETE FROM client_assertions WHERE expires_at <= ?', [now])
  const added = await tx.run(
    'INSERT INTO client_assertions (client, jti, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    [assertion.client, assertion.jti, assertion.expiresAt],
  )
  return added === 1
}
