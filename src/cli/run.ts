/** Opens the hub for a command, and closes it whatever comes. */
import { userInfo } from 'node:os'
import { readConfig } from '../config.ts'
import { openHub, operator, type By, type Hub } from '../exchange/hub.ts'

/** Runs a command's work on the hub that the environment configures, as the user of the machine. */
export async function withHub<Result>(work: (hub: Hub, by: By) => Promise<Result>): Promise<Result> {
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
