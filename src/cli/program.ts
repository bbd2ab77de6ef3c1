/** Which commands there are, and what their helps have in common. */
import { Command, Help, type Option } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../exchange/documents.ts'

/** By name, in the order of the help. Only what is called is loaded: all commands together take three times as long to start. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  migrate: async () => (await import('./migrate.ts')).migrate,
  publish: async () => (await import('./publish.ts')).publish,
  adapter: async () => (await import('./adapter.ts')).adapter,
  check: async () => (await import('./check.ts')).check,
  coverage: async () => (await import('./coverage.ts')).coverage,
  preview: async () => (await import('./preview.ts')).preview,
  deliver: async () => (await import('./deliver.ts')).deliver,
  delivery: async () => (await import('./delivery.ts')).delivery,
  pull: async () => (await import('./pull.ts')).pull,
  quarantine: async () => (await import('./quarantine.ts')).quarantine,
  discrepancy: async () => (await import('./discrepancy.ts')).discrepancy,
  correction: async () => (await import('./correction.ts')).correction,
  department: async () => (await import('./department.ts')).department,
  client: async () => (await import('./client.ts')).client,
  user: async () => (await import('./user.ts')).user,
  agreement: async () => (await import('./agreement.ts')).agreement,
  credential: async () => (await import('./credential.ts')).credential,
  keys: async () => (await import('./keys.ts')).keys,
  standard: async () => (await import('./standard.ts')).standard,
  compare: async () => (await import('./compare.ts')).compare,
  types: async () => (await import('./types.ts')).types,
  codes: async () => (await import('./codes.ts')).codes,
  export: async () => (await import('./export.ts')).exportStandard,
  log: async () => (await import('./log.ts')).log,
  usage: async () => (await import('./usage.ts')).usage,
  catalogue: async () => (await import('./catalogue.ts')).catalogue,
  witness: async () => (await import('./witness.ts')).witness,
}

/**
 * Throws where commander itself would end the process.
 *
 * @param writeErr takes what commander has to say of a wrong usage
 * @param name the one command that will be called; all are there without it, or where it is none
 */
export async function newProgram(writeErr: (text: string) => void, name = ''): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const program = new Command('concord')
    .description('An inter-department data-sharing exchange hub.')
    .version(version)
    .exitOverride()
    // So that --version after a command is that command's own.
    .enablePositionalOptions()
    .configureOutput({ writeErr })
    // Taken over by every command below it.
    .configureHelp({ optionDescription })
    .showHelpAfterError('See `concord --help`.')
    .addHelpText(
      'after',
      '\nExample:\n  $ CONCORD_SAMPLES=1 concord serve\n\nThe environment (CONCORD_…): `concord serve --help`.',
    )
  const called = Object.entries(commands).filter(([each]) => each === name)
  const loads = called.length > 0 ? called : Object.entries(commands)
  for (const [, load] of loads) (await load())(program)
  return program
}

/** Says which options a command cannot go without. */
function optionDescription(this: Help, option: Option): string {
  const description = Help.prototype.optionDescription.call(this, option)
  return option.mandatory ? `${description} (required)` : description
}
