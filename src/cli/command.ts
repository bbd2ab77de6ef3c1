/** What every command shares: `--json`, an example in its help, and how values of options are read. */
import { InvalidArgumentError, type Command } from 'commander'

/** Adds a command. Its help ends with the example; a usage error with where to find that help. */
export function command(parent: Command, name: string, summary: string, example: string): Command {
  return group(parent, name, summary, example).option('--json', 'print JSON, problems too')
}

/** Adds a command that only has further ones. */
export function group(parent: Command, name: string, summary: string, example: string): Command {
  const path = parent.parent === null ? name : `${parent.name()} ${name}`
  return parent
    .command(name)
    .description(summary)
    .addHelpText('after', `\nExample:\n  $ concord ${example}`)
    .showHelpAfterError(`See \`concord ${path} --help\`.`)
}

/** Reads `a,b,c`, each one of the choices where there are any. */
export function listOf<Choice extends string>(choices?: readonly Choice[]): (text: string) => Choice[] {
  return text => {
    const items = text
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== '')
    if (items.length === 0) throw new InvalidArgumentError('Name at least one, joined by commas.')
    const unknown = items.find(item => choices !== undefined && !choices.some(choice => choice === item))
    if (unknown !== undefined) throw new InvalidArgumentError(`There is ${choices?.join(', ')}; not ${unknown}.`)
    return items as Choice[]
  }
}

/** Reads a whole number from `least` on. */
export function numberFrom(least: 0 | 1): (text: string) => number {
  return text => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : -1
    if (number < least) throw new InvalidArgumentError(`This must be a whole number, ${least} or more.`)
    return number
  }
}

/** Reads an instant: RFC 3339, or a day, which stands for its beginning, UTC. */
export function beginning(text: string): Date {
  return dayOf(text) ?? instantOf(text)
}

/** Reads an instant: RFC 3339, or a day, which stands for its end, UTC. */
export function end(text: string): Date {
  const day = dayOf(text)
  return day === undefined ? instantOf(text) : new Date(day.getTime() + 86_400_000)
}

function dayOf(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const day = new Date(`${text}T00:00:00Z`)
  // Some engines take 30 February for the 2nd of March.
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text)) throw noDate()
  return day
}

function instantOf(text: string): Date {
  const instant = new Date(text)
  const isRfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(text)
  if (!isRfc3339 || Number.isNaN(instant.getTime())) throw noDate()
  return instant
}

function noDate(): InvalidArgumentError {
  return new InvalidArgumentError(
    'This must be a day (2026-12-31) or an instant with its offset (2026-12-31T18:00:00+08:00).',
  )
}
