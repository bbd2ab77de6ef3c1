/** What every command shares: `--json`, an example in its help, and how values of options are read. */
import { InvalidArgumentError, type Command, type CommandOptions } from 'commander'
import { beginningOf, endOf } from '../instants.ts'

/** Adds a command. Its help ends with the example; a usage error with where to find that help. */
export function command(
  parent: Command,
  name: string,
  summary: string,
  example: string,
  options: CommandOptions = {},
): Command {
  return group(parent, name, summary, example, options).option('--json', 'print JSON, problems too')
}

/** Adds a command that only has further ones. */
export function group(
  parent: Command,
  name: string,
  summary: string,
  example: string,
  options: CommandOptions = {},
): Command {
  const path = parent.parent === null ? name : `${parent.name()} ${name}`
  return parent
    .command(name, options)
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
  return beginningOf(text) ?? noDate()
}

/** Reads an instant: RFC 3339, or a day, which stands for its end, UTC. */
export function end(text: string): Date {
  return endOf(text) ?? noDate()
}

function noDate(): never {
  throw new InvalidArgumentError(
    'This must be a day (2026-12-31) or an instant with its offset (2026-12-31T18:00:00+08:00).',
  )
}
