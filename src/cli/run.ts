/** Opens the hub for a command, and closes it whatever comes. */
import { userInfo } from 'node:os'
import { readConfig } from '../config.ts'
import { HubError } from '../errors.ts'
import { hasHub, openHub, operator, type By, type Hub } from '../exchange/hub.ts'

type Work<Result> = (hub: Hub, by: By) => Promise<Result>

/**
 * Runs a command's work on the hub that the environment configures, as the user of the machine.
 *
 * @throws {HubError} `not-found` where there is none: a mistyped folder must not become an empty hub
 */
export async function withHub<Result>(work: Work<Result>): Promise<Result> {
  const { dataDirectory } = readConfig()
  if (!hasHub(dataDirectory)) {
    const detail = `There is no hub in ${dataDirectory}. \`concord publish\` makes one with the starter catalogue; CONCORD_DATA_DIR names another folder.`
    throw new HubError('not-found', detail)
  }
  return withNewHub(work)
}

/** As {@link withHub}, for the commands that make a hub where there is none. */
export async function withNewHub<Result>(work: Work<Result>): Promise<Result> {
  const hub = await openHub(readConfig())
  try {
    return await work(hub, thisOperator())
  } finally {
    await hub.close()
  }
}

export function thisOperator(): By {
  return operator(userName())
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that no user of it has.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
